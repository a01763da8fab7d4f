import type { ChordPart, ChordProgress } from "../../backend/contract.ts";
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import { chordMemberHeads, decodeChordMember, encodeChordMember } from "./chord-member.ts";
import { addPartScript, chordSizeScript } from "./chord-scripts.ts";
import { keyExpiry } from "./key-expiry.ts";
import type { ResultKeys } from "./result-keys.ts";
import { ScriptTurn } from "./script-turn.ts";

/** The ended members of chords, in Celery's keys. */
export class ChordCounter {
  readonly #connection: RedisConnection;
  readonly #keys: ResultKeys;
  readonly #ordered: boolean;
  readonly #scripts: ScriptTurn;

  /** @param ordered Celery's option `result_chord_ordered`: members in a sorted set, by their index; else in a list, as they ended */
  constructor(connection: RedisConnection, keys: ResultKeys, ordered: boolean) {
    this.#connection = connection;
    this.#keys = keys;
    this.#ordered = ordered;
    this.#scripts = new ScriptTurn(connection);
  }

  /** Sets the size; a larger one stays. */
  async setSize(groupId: string, size: number, expiresMs: number | null): Promise<void> {
    const [, , key] = this.#keys.chord(groupId);
    await this.#scripts.run(chordSizeScript, [key], [size, keyExpiry(expiresMs)]);
  }

  /** Adds a member, in place of an earlier one of its task. */
  async add(part: ChordPart, expiresMs: number | null): Promise<ChordProgress> {
    const score = part.groupIndex === null ? "+inf" : part.groupIndex;
    const reply = await this.#scripts.run(addPartScript, this.#keys.chord(part.groupId), [
      score,
      encodeChordMember(part),
      keyExpiry(expiresMs),
      this.#ordered ? "zset" : "list",
      ...chordMemberHeads(part.taskId, part.result),
    ]);
    const [count, added, size] = Array.isArray(reply) ? reply : [];
    return { count: Number(count), size: size === null || size === undefined ? null : Number(size) + Number(added ?? 0) };
  }

  /** The members in the order of their index. */
  async parts(groupId: string): Promise<readonly ChordPart[]> {
    const [key] = this.#keys.chord(groupId);
    const reply = await (this.#ordered
      ? this.#connection.callBuffer("ZRANGE", key, 0, -1, "WITHSCORES")
      : this.#connection.callBuffer("LRANGE", key, 0, -1));
    const items = buffersOf(reply);
    const step = this.#ordered ? 2 : 1;
    const parts: ChordPart[] = [];
    for (let i = 0; i < items.length; i += step) {
      const score = this.#ordered ? Number(items[i + 1]?.toString()) : Number.POSITIVE_INFINITY;
      // `inf` is no number to JavaScript, and that is what it stands for.
      parts.push({ groupId, ...decodeChordMember(items[i] ?? EMPTY), groupIndex: Number.isFinite(score) ? score : null });
    }
    return parts;
  }

  /** Removes the three keys. */
  async forget(groupId: string): Promise<void> {
    await this.#connection.call("DEL", ...this.#keys.chord(groupId));
  }
}

const EMPTY = Buffer.alloc(0);

function buffersOf(reply: unknown): readonly Buffer[] {
  if (Array.isArray(reply) && reply.every((item) => Buffer.isBuffer(item))) return reply;
  throw new RedisFailure("refused", "", "Redis answered with something else than a chord's members");
}
