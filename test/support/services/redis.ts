import { Redis } from "ioredis";
import { provided } from "./service-context.ts";

/** The URL of the Redis server that all tests share. Each test keeps to keys with a prefix of its own, or to a database. */
export function redisUrl(database = 0): string {
  const url = new URL(provided("celeriacRedisUrl"));
  url.pathname = `/${database}`;
  return url.href;
}

/** A client of the server that all tests share; the test calls `disconnect`. */
export function redisClient(database = 0): Redis {
  return new Redis(redisUrl(database), { maxRetriesPerRequest: 2 });
}

/** Removes the keys that begin with a prefix. */
export async function removeRedisKeys(prefix: string, database = 0): Promise<void> {
  const client = redisClient(database);
  try {
    for await (const keys of client.scanStream({ match: `${prefix.replaceAll(/[*?[\]\\]/g, "\\$&")}*`, count: 1000 })) {
      // The stream's type does not say what it gives: names of keys.
      const names = keys as readonly string[];
      if (names.length > 0) await client.unlink(...names);
    }
  } finally {
    client.disconnect();
  }
}
