// One look into queues: what is sent to the script FETCH, and what its reply means.
import type { RedisArgument, RedisCommand, RedisReply } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import { readEnvelope } from "./envelope.ts";
import { FIELD_PREFIX, type Keys } from "./keys.ts";
import type { QueueEntry } from "./queue-entry.ts";
import { type Holder, RedisDelivery } from "./redis-delivery.ts";
import type { Found } from "./redis-consumer.ts";

/** A reply that was read. */
export interface Fetched extends Found {
  readonly unreadable: readonly Unreadable[];
  /** This process counted as dead: it must renew its lease first. */
  readonly leaseIsOver: boolean;
}

/** What a look is made with. */
export interface Look {
  readonly keys: Keys;
  readonly queues: readonly QueueEntry[];
  readonly limit: number;
  readonly noAck: boolean;
  readonly owner: string;
  /** The number before the first delivery's. */
  readonly start: number;
  readonly holder: Holder;
}

/** A look that is sent by others than the hub, and what comes of it. */
export interface PreparedLook {
  readonly command: RedisCommand;
  /** Takes over what it found; failures, as of a script that Redis has forgotten, found nothing. */
  read(reply: RedisReply | RedisFailure | undefined): Promise<Found>;
  /** Puts back what it found, as if it had not been taken. */
  putBack(reply: RedisReply | RedisFailure | undefined): Promise<void>;
}

/** What a look found that could not be made. */
export const NOTHING_FOUND: Found = Object.freeze({ deliveries: [], more: true, dueInMs: undefined, failed: new Map<string, string>() });

/** A list element that is no envelope. */
export interface Unreadable {
  readonly field: string;
  readonly text: string;
  readonly queue: QueueEntry;
  readonly reason: string;
}

/** The keys and arguments of the script. */
export function fetchArguments({
  keys,
  queues,
  limit,
  noAck,
  owner,
  start,
}: Look): readonly [keys: readonly string[], args: readonly RedisArgument[]] {
  const names = [keys.unacked, keys.index];
  const args: RedisArgument[] = [
    limit,
    noAck ? "" : owner,
    `${FIELD_PREFIX}${owner}:`,
    start,
    keys.steps.length * queues.length,
    queues.length,
  ];
  for (const step of keys.steps) {
    for (let q = 0; q < queues.length; q++) {
      names.push(keys.list(queues[q]?.name ?? "", step));
      args.push(step, q + 1);
    }
  }
  for (const queue of queues) {
    names.push(keys.due(queue.name));
    args.push(queue.suffix);
  }
  names.push(keys.owners);
  return [names, args];
}

/** Reads the reply. @throws RedisFailure where it is none */
export function readFetched(look: Look, reply: RedisReply): Fetched {
  if (!Array.isArray(reply)) throw new RedisFailure("refused", "", "the script that takes messages gave no list");
  const items = reply as readonly RedisReply[];
  const { keys, queues, owner, holder } = look;
  const now = Number(items[0]);
  const due = Number(items[1]);
  const deliveries: RedisDelivery[] = [];
  const unreadable: Unreadable[] = [];
  const failed = new Map<string, string>();
  let order = look.start;
  for (let at = 3; at < items.length;) {
    const list = Number(items[at]);
    const queue = queues[(Math.abs(list) - 1) % queues.length];
    const step = keys.steps[Math.floor((Math.abs(list) - 1) / queues.length)] ?? 0;
    if (queue === undefined) break;
    if (list < 0) {
      failed.set(queue.name, String(items[at + 1]));
      at += 2;
      continue;
    }
    const end = at + 2 + Number(items[at + 1]);
    const prefix = `${FIELD_PREFIX}${owner}:${step}:`;
    for (at += 2; at < end; at++) {
      const text = items[at] as string; // elements of a list are texts
      const field = prefix + ++order;
      try {
        deliveries.push(new RedisDelivery(field, text, readEnvelope(text), { source: queue, step, holder, order }));
      } catch (error) {
        unreadable.push({ field, text, queue, reason: (error as Error).message });
      }
    }
  }
  return { deliveries, unreadable, failed, more: items[2] !== 0, leaseIsOver: items[2] === 2, dueInMs: due < 0 ? undefined : due - now };
}
