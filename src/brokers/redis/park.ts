import { randomUUID } from "node:crypto";
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import type { RedisBrokerOptions } from "./broker-options.ts";
import type { Notice } from "./fanout.ts";
import { type Keys, PARKED_PREFIX } from "./keys.ts";
import { PARK } from "./scripts/settle.ts";

/** A message that is to be parked. */
export interface Parking {
  /** Its queue's name, and what follows an envelope there: see queue-entry.ts. */
  readonly queue: { readonly name: string; readonly suffix: string };
  readonly step: number;
  /** Its envelope. */
  readonly text: string;
  /** When it is due, in milliseconds since 1970. */
  readonly visibleAt: number;
  /** The field of the delivery that it was; empty for a new message. */
  readonly field: string;
}

/**
 * Parks a message in `unacked`, with the time minus the visibility timeout as its score: a worker of Python's would restore it soon after its time.
 * Resolves to whether the delivery was still ours.
 */
export async function park(
  { connection, keys, options }: { readonly connection: RedisConnection; readonly keys: Keys; readonly options: RedisBrokerOptions },
  { queue, step, text, visibleAt, field }: Parking,
): Promise<boolean> {
  const due = Math.ceil(visibleAt);
  const score = ((due - options.visibilityTimeoutMs) / 1000).toFixed(3);
  const notice: Notice = { queue: queue.name, due };
  const reply = await connection.run(
    PARK,
    [keys.unacked, keys.index, keys.due(queue.name)],
    [field, `${PARKED_PREFIX}${step}:${randomUUID()}`, `[${text}${queue.suffix}`, due, score, keys.notices, JSON.stringify(notice)],
  );
  return reply === 1;
}
