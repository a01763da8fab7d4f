import { createHash } from "node:crypto";

/** A Lua script that Redis runs as one step. */
export interface RedisScript {
  /** For error messages. */
  readonly name: string;
  readonly source: string;
  /** What Redis knows it by once it was loaded. */
  readonly sha: string;
}

/** Makes a script. Loaded into Redis when it is first run there, and again after a `SCRIPT FLUSH` or a restart. */
export function redisScript(name: string, source: string): RedisScript {
  return Object.freeze({ name, source, sha: createHash("sha1").update(source).digest("hex") });
}
