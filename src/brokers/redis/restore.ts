// Brings back what was left behind: by processes of ours whose lease is over (told by the form of the field), at once and counted as a death; by Python's
// workers only after the cluster's visibility timeout, as they do it among themselves. Also what this process itself fetched and never got, since
// the connection was cut in between. Each entry is moved by one script that looks again whether it is still there and its holder still dead.
import type { RedisConnection, RedisReply } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { RedisBrokerOptions } from "./broker-options.ts";
import { readEnvelope } from "./envelope.ts";
import { FIELD_PREFIX, type Keys, PARKED_PREFIX } from "./keys.ts";
import { textsOf } from "./queue-registry.ts";
import { deathsIn } from "./redis-delivery.ts";
import { markRedelivered, marksOf, splitArray } from "./rewrite-envelope.ts";
import { routeAll } from "./router.ts";
import { scanFields } from "./scan-fields.ts";
import { FIND_LEFT, FORGET_OWNER } from "./scripts/owners.ts";
import { GIVE_BACK } from "./scripts/settle.ts";

const OLD_AT_ONCE = 100;
const RELEASE_LOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/** What a restoring found. */
export interface RestoreReport {
  /** Processes that were found dead. */
  readonly dead: readonly string[];
  /** Messages that were given back. */
  readonly restored: number;
}

/** What it needs. */
export interface RestoreContext {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  readonly options: RedisBrokerOptions;
}

/** Restores what others left. For each half only one of all processes does it at a time: the locks save work, no message depends on them. */
export async function restoreLeft(context: RestoreContext, token: string): Promise<RestoreReport> {
  const { connection, keys, options } = context;
  const found = await connection.run(
    FIND_LEFT,
    [keys.owners, keys.index],
    [options.visibilityTimeoutMs, options.restoreLimit || OLD_AT_ONCE],
  );
  const [deadReply = null, oldReply = null] = Array.isArray(found) ? (found as readonly RedisReply[]) : [];
  const dead = new Set(textsOf(deadReply));
  const old: string[] = [];
  for (const field of textsOf(oldReply)) {
    if (!field.startsWith(FIELD_PREFIX) || field.startsWith(PARKED_PREFIX)) old.push(field);
    // One that nobody renewed for so long has nobody any more.
    else if ((await connection.call("ZSCORE", keys.owners, ownerOf(field))) === null) dead.add(ownerOf(field));
  }
  // Whoever dies with the first lock keeps the others waiting no longer than a lease; the second is kombu's own, of five minutes.
  const ours = await locked(context, { key: keys.sweepLock, token, forMs: options.leaseMs }, dead.size > 0, () =>
    giveBackOfDead(context, dead),
  );
  const theirs = await locked(context, { key: keys.mutex, token, forMs: options.unackedMutexExpireMs }, old.length > 0, () =>
    giveBackOld(context, old),
  );
  return { dead: [...dead], restored: ours + theirs };
}

async function giveBackOfDead(context: RestoreContext, dead: Iterable<string>): Promise<number> {
  const { connection, keys } = context;
  let restored = 0;
  for (const owner of dead) {
    for await (const fields of scanFields(connection, keys.index, owner)) restored += await giveBackOurs(context, fields, owner);
    await connection.run(FORGET_OWNER, [keys.owners], [owner]);
  }
  return restored;
}

/** Does something under a lock, where there is something to do and the lock is free. */
async function locked(
  { connection }: RestoreContext,
  lock: { readonly key: string; readonly token: string; readonly forMs: number },
  isNeeded: boolean,
  run: () => Promise<number>,
): Promise<number> {
  if (!isNeeded || (await connection.call("SET", lock.key, lock.token, "NX", "PX", lock.forMs)) === null) return 0;
  try {
    return await run();
  } finally {
    await connection.call("EVAL", RELEASE_LOCK, 1, lock.key, lock.token);
  }
}

/** Gives back what this process fetched and does not know of. */
export async function restoreUnknown(context: RestoreContext, owner: string, isKnown: (field: string) => boolean): Promise<void> {
  for await (const fields of scanFields(context.connection, context.keys.index, owner)) {
    await giveBackOurs(
      context,
      fields.filter((field) => !isKnown(field)),
      undefined,
    );
  }
}

/** @param deadOwner whose death is counted; undefined where nobody died */
async function giveBackOurs(
  { connection, keys }: RestoreContext,
  fields: readonly string[],
  deadOwner: string | undefined,
): Promise<number> {
  if (fields.length === 0) return 0;
  const values = await connection.call("HMGET", keys.unacked, ...fields);
  const moves: Move[] = [];
  // The highest number first: each goes to the front.
  const inOrder = fields
    .map((field, i) => ({ field, value: (values as readonly RedisReply[])[i] }))
    .toSorted((a, b) => numberOf(b.field) - numberOf(a.field));
  for (const { field, value } of inOrder) {
    if (typeof value !== "string") continue;
    const [envelope = "", , queueJson = '""'] = splitLast(value);
    const queue = JSON.parse(queueJson) as string; // written by the script FETCH
    const step = Number(field.split(":")[2]);
    moves.push({ field, key: keys.list(queue, step), text: deadOwner === undefined ? envelope : withDeath(envelope) });
  }
  return move(connection, keys, moves, deadOwner ?? "");
}

/** Entries of kombu's form, and parked ones of ours that are due and that nobody has fetched. */
async function giveBackOld({ connection, keys }: RestoreContext, fields: readonly string[]): Promise<number> {
  if (fields.length === 0) return 0;
  const values = (await connection.call("HMGET", keys.unacked, ...fields)) as readonly RedisReply[];
  const moves: Move[] = [];
  for (const [i, field] of fields.entries()) {
    const value = values[i];
    if (typeof value !== "string") {
      // Python's workers forget the field before its entry in the index.
      await connection.call("ZREM", keys.index, field);
      continue;
    }
    const isParked = field.startsWith(PARKED_PREFIX);
    const [envelope = "", exchange = '""', routingKey = '""'] = isParked ? splitLast(value) : splitArray(value);
    for (const [at, queue] of (await queuesOf(connection, keys, exchange, routingKey)).entries()) {
      const key = keys.list(queue, stepOf(keys, envelope));
      const text = isParked ? envelope : markRedelivered(envelope);
      if (isParked) await connection.call("ZREM", keys.due(queue), field);
      // Only one list takes it out of `unacked`; further ones, as of a topic, get their copies first.
      if (at === 0) moves.push({ field, key, text });
      else await connection.call("RPUSH", key, text);
    }
  }
  return move(connection, keys, moves, "");
}

interface Move {
  readonly field: string;
  readonly key: string;
  readonly text: string;
}

async function move(connection: RedisConnection, keys: Keys, moves: readonly Move[], deadOwner: string): Promise<number> {
  let moved = 0;
  for (let at = 0; at < moves.length; at += OLD_AT_ONCE) {
    const part = moves.slice(at, at + OLD_AT_ONCE);
    const lists = [...new Set(part.map(({ key }) => key))];
    const args = part.flatMap(({ field, key, text }) => [field, lists.indexOf(key) + 1, text, "", ""]);
    const reply = await connection.run(GIVE_BACK, [keys.unacked, keys.index, keys.queues, keys.owners, ...lists], [deadOwner, ...args]);
    moved += (reply as readonly RedisReply[]).filter((result) => result === 1).length;
  }
  return moved;
}

async function queuesOf(connection: RedisConnection, keys: Keys, exchangeJson: string, routingKeyJson: string): Promise<readonly string[]> {
  try {
    const [exchange, routingKey] = [JSON.parse(exchangeJson), JSON.parse(routingKeyJson)] as [string | null, string | null]; // kombu writes texts or null
    const message = { body: "", contentType: "", contentEncoding: "", headers: {}, properties: {} };
    const [route] = await routeAll(connection, keys, [{ exchange: exchange ?? "", routingKey: routingKey ?? "", message }]);
    return route !== undefined && "queues" in route ? route.queues : [];
  } catch (error) {
    if (error instanceof RedisFailure) throw error;
    return []; // An exchange that nobody knows, or an entry that nobody can read: it stays where it is.
  }
}

function withDeath(envelope: string): string {
  try {
    return markRedelivered(envelope, marksOf(deathsIn(readEnvelope(envelope).headers), "worker"));
  } catch {
    return envelope; // Whoever takes it next finds that it cannot be read, and keeps it apart.
  }
}

function stepOf(keys: Keys, envelope: string): number {
  try {
    const { priority } = readEnvelope(envelope).properties;
    return keys.stepOf(typeof priority === "number" ? priority : undefined);
  } catch {
    return 0; // The same: it is not lost by standing in the first list.
  }
}

/** The parts of a value of ours: the envelope as it was, be it what it may, and what stands behind its last comma but one. */
function splitLast(value: string): readonly string[] {
  const cut = value.lastIndexOf(', "", ');
  return [value.slice(1, cut), '""', value.slice(cut + 6, -1)];
}

function ownerOf(field: string): string {
  return field.split(":")[1] ?? "";
}

function numberOf(field: string): number {
  return Number(field.slice(field.lastIndexOf(":") + 1));
}
