// What is published in one turn of the event loop: one LPUSH for each list, all in one write. Calls that go to one list share its promise.
import type { RedisConnection, RedisReply } from "../../stores/redis/redis-connection.ts";

/** Values of one command: more would keep Redis and the others waiting. */
const VALUES_AT_ONCE = 512;
/** Letters of one command. */
const LETTERS_AT_ONCE = 4_000_000;

interface ListBatch {
  readonly key: string;
  readonly parts: string[][];
  letters: number;
  readonly done: PromiseWithResolvers<void>;
}

/** Publications to lists that wait for the end of the turn. */
export class PublishBatch {
  readonly #lists = new Map<string, ListBatch>();

  get isEmpty(): boolean {
    return this.#lists.size === 0;
  }

  /** Adds a message to a list. The promise is the same for all of a list and turn. */
  add(key: string, text: string): Promise<void> {
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = { key, parts: [[]], letters: 0, done: Promise.withResolvers() };
      this.#lists.set(key, list);
    }
    let part = list.parts[list.parts.length - 1];
    if (part === undefined || part.length >= VALUES_AT_ONCE || (part.length > 0 && list.letters + text.length > LETTERS_AT_ONCE)) {
      part = [];
      list.parts.push(part);
      list.letters = 0;
    }
    part.push(text);
    list.letters += text.length;
    return list.done.promise;
  }

  /** Sends everything. */
  send(connection: RedisConnection): void {
    for (const { key, parts, done } of this.#lists.values()) {
      const replies: Promise<RedisReply>[] = parts.map((part) => connection.call("LPUSH", key, ...part));
      if (replies.length === 1) replies[0]?.then(() => done.resolve(), done.reject);
      else void Promise.allSettled(replies).then((outcomes) => settleAll(outcomes, done));
    }
    this.#lists.clear();
  }

  /** Fails everything. */
  fail(error: unknown): void {
    for (const { done } of this.#lists.values()) done.reject(error);
    this.#lists.clear();
  }
}

function settleAll(outcomes: readonly PromiseSettledResult<RedisReply>[], done: PromiseWithResolvers<void>): void {
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed === undefined) done.resolve();
  else done.reject(failed.reason as Error);
}
