// Waits for a list to have something, on a socket of its own, and takes nothing: `BLMOVE q q RIGHT RIGHT` moves the last element to where it is, so that it
// changes nothing but ends when there is one. A script that looks into the queues may stand behind it on the same socket, and runs as soon as it ends:
// that saves a way there and back. Where messages are taken for good anyway, one BRPOP waits for all lists. States: idle, waiting, stopped.
import type { RedisCommand, RedisConnection, RedisReply } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { PreparedLook } from "./fetch-messages.ts";

/** Also how often a queue is looked at when nothing was heard of it, in seconds. Less than a connection's health check. */
const WAIT_SECONDS = 10;

/** What a waiter tells its owner. */
export interface WaiterEvents {
  /** Something is there, or the time is over. `reply` is what the waiting gave, `looked` what the script behind it did. */
  onWake(reply: RedisReply, look: PreparedLook | undefined, looked: RedisReply | RedisFailure | undefined): void;
  /** Redis does not let us wait: it is at its memory limit, is too old, or its rules forbid it. */
  onRefused(error: RedisFailure, look: PreparedLook | undefined, looked: RedisReply | RedisFailure | undefined): void;
}

/** What came after a waiter was stopped. */
export interface LateReply {
  readonly popped: RedisReply;
  readonly look: PreparedLook | undefined;
  readonly looked: RedisReply | RedisFailure | undefined;
}

/** Someone who waits for lists. */
export class ListWaiter {
  readonly connection: RedisConnection;
  readonly #clientId: number;
  readonly #command: RedisCommand;
  readonly #events: WaiterEvents;
  #waiting: Promise<void> | undefined;
  #looks = false;
  #stopped = false;
  #late: LateReply | undefined;

  /** @param lists one list to wait for, or all of those to pop from where `pops` */
  constructor(connection: RedisConnection, clientId: number, lists: readonly string[], pops: boolean, events: WaiterEvents) {
    this.connection = connection;
    this.#clientId = clientId;
    const [list = ""] = lists;
    this.#command = pops ? ["BRPOP", ...lists, WAIT_SECONDS] : ["BLMOVE", list, list, "RIGHT", "RIGHT", WAIT_SECONDS];
    this.#events = events;
  }

  /** Whether it waits now. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Whether it waits and will look then. */
  get willLook(): boolean {
    return this.#waiting !== undefined && this.#looks;
  }

  /** Waits, unless it does. @param look what is done as soon as the waiting ends */
  arm(look?: PreparedLook): void {
    if (this.#waiting !== undefined || this.#stopped) return;
    this.#looks = look !== undefined;
    const commands = look === undefined ? [this.#command] : [this.#command, look.command];
    this.#waiting = this.connection.send(commands).then(([waited = null, looked]) => {
      this.#waiting = undefined;
      if (this.connection.lost !== undefined) return; // told by the store
      if (this.#stopped) this.#late = { popped: waited instanceof RedisFailure ? null : waited, look, looked };
      else if (waited instanceof RedisFailure) this.#events.onRefused(waited, look, looked);
      else this.#events.onWake(waited, look, looked);
    });
  }

  /** Waits no more; resolves to what was taken meanwhile, to be put back. @param control the connection by which it is woken */
  async stop(control: RedisConnection): Promise<LateReply | undefined> {
    this.#stopped = true;
    while (this.#waiting !== undefined && this.connection.lost === undefined) {
      await Promise.all([control.call("CLIENT", "UNBLOCK", this.#clientId), this.#waiting]);
    }
    return this.#late;
  }
}
