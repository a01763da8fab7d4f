import type { RedisConnection, RedisReply } from "../../stores/redis/redis-connection.ts";
import { FIELD_PREFIX } from "./keys.ts";
import { escapeGlob, textsOf } from "./queue-registry.ts";

const SCANNED_AT_ONCE = 1000;

/** The fields of the deliveries that a process holds, in groups, by going through the whole index. */
export async function* scanFields(connection: RedisConnection, indexKey: string, owner: string): AsyncGenerator<readonly string[]> {
  let cursor = "0";
  do {
    const reply = await connection.call(
      "ZSCAN",
      indexKey,
      cursor,
      "MATCH",
      `${FIELD_PREFIX}${escapeGlob(owner)}:*`,
      "COUNT",
      SCANNED_AT_ONCE,
    );
    const [next, flat] = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
    const fields = textsOf(flat ?? null).filter((_, i) => i % 2 === 0); // each with its score
    if (fields.length > 0) yield fields;
    cursor = String(next as string);
  } while (cursor !== "0");
}
