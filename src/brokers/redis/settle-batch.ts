// Ends deliveries, those of one turn of the event loop together: one script for what is done with, one for what is given back, one each for the rest.
import type { RedisArgument, RedisConnection, RedisReply } from "../../stores/redis/redis-connection.ts";
import type { Keys } from "./keys.ts";
import type { RedisDelivery } from "./redis-delivery.ts";
import { ACKNOWLEDGE, GIVE_BACK } from "./scripts/settle.ts";

/** Fields of one script call. */
const ACKS_AT_ONCE = 1000;
const GIVEN_BACK_AT_ONCE = 200;

/** A settlement that waits for the end of the turn. */
interface Entry {
  readonly delivery: RedisDelivery;
  /** The envelope as it is given back. */
  readonly text: string;
  readonly resolve: (settled: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Settlements of one turn. */
export class SettleBatch {
  readonly #keys: Keys;
  readonly #onFailed: (delivery: RedisDelivery) => void;
  #acks: Entry[] = [];
  #givenBack: Entry[] = [];

  /** @param onFailed told of deliveries that are held as before, since Redis could not be asked or refused */
  constructor(keys: Keys, onFailed: (delivery: RedisDelivery) => void) {
    this.#keys = keys;
    this.#onFailed = onFailed;
  }

  get isEmpty(): boolean {
    return this.#acks.length === 0 && this.#givenBack.length === 0;
  }

  /** Removes a delivery for good; resolves to whether it was ours. */
  acknowledge(delivery: RedisDelivery): Promise<boolean> {
    return new Promise((resolve, reject) => this.#acks.push({ delivery, text: "", resolve, reject }));
  }

  /** Gives a delivery back with this text; resolves to whether it was ours. */
  giveBack(delivery: RedisDelivery, text: string): Promise<boolean> {
    return new Promise((resolve, reject) => this.#givenBack.push({ delivery, text, resolve, reject }));
  }

  /** Sends everything. */
  send(connection: RedisConnection): void {
    const [acks, givenBack] = [this.#acks, this.#givenBack];
    [this.#acks, this.#givenBack] = [[], []];
    for (let at = 0; at < acks.length; at += ACKS_AT_ONCE)
      this.#sendAcks(connection, acks.length <= ACKS_AT_ONCE ? acks : acks.slice(at, at + ACKS_AT_ONCE));
    // The newest first: each goes to the front, so the oldest comes to stand first.
    givenBack.sort((a, b) => b.delivery.order - a.delivery.order);
    for (let at = 0; at < givenBack.length; at += GIVEN_BACK_AT_ONCE)
      this.#sendGivenBack(connection, givenBack.slice(at, at + GIVEN_BACK_AT_ONCE));
  }

  /** Fails everything. */
  fail(error: unknown): void {
    const entries = [...this.#acks, ...this.#givenBack];
    [this.#acks, this.#givenBack] = [[], []];
    this.#failAll(entries, error);
  }

  #sendAcks(connection: RedisConnection, entries: readonly Entry[]): void {
    const fields = entries.map((entry) => entry.delivery.tag);
    connection.run(ACKNOWLEDGE, [this.#keys.unacked, this.#keys.index], fields).then(
      (reply) => {
        for (let i = 0; i < entries.length; i++)
          entries[i]?.resolve(reply === 1 || (Array.isArray(reply) && (reply as readonly RedisReply[])[i] === 1));
      },
      (error: unknown) => this.#failAll(entries, error),
    );
  }

  #sendGivenBack(connection: RedisConnection, entries: readonly Entry[]): void {
    const lists: string[] = [];
    const args: RedisArgument[] = [""];
    for (const { delivery, text } of entries) {
      const key = this.#keys.list(delivery.queue, delivery.step);
      if (!lists.includes(key)) lists.push(key);
      args.push(delivery.tag, lists.indexOf(key) + 1, text, delivery.queue, delivery.source.id);
    }
    connection.run(GIVE_BACK, [this.#keys.unacked, this.#keys.index, this.#keys.queues, this.#keys.owners, ...lists], args).then(
      (reply) => {
        const results = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
        for (let i = 0; i < entries.length; i++) entries[i]?.resolve(Number(results[i] ?? 0) > 0);
      },
      (error: unknown) => this.#failAll(entries, error),
    );
  }

  #failAll(entries: readonly Entry[], error: unknown): void {
    for (const { delivery } of entries) this.#onFailed(delivery);
    for (const { reject } of entries) reject(error);
  }
}
