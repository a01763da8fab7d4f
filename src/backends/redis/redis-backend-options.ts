import { ConfigError } from "../../errors/celeriac-error.ts";
import { OptionReader } from "../../stores/redis/option-reader.ts";
import { IGNORED_REDIS_OPTIONS, parseRedisUrl, type RedisTarget } from "../../stores/redis/redis-target.ts";
import { maskUrl } from "../../util/mask-url.ts";

/** What `resultBackendTransportOptions` and the URL's query say, in Celery's spelling or in camelCase, beside what says how to connect. */
export interface RedisBackendOptions {
  /** `global_keyprefix`: put before every key. An underscore is put between unless it ends in one of `: _ - .`. @default none */
  readonly globalKeyPrefix: string;
  /** `result_chord_ordered`: whether a chord's members are kept by their index. All workers must agree. @default true */
  readonly chordOrdered: boolean;
}

/** Options of the broker that are no business of the backend, which often has the same. */
const OF_THE_BROKER: readonly string[] = [
  "visibility_timeout",
  "priority_steps",
  "sep",
  "queue_order_strategy",
  "fanout_prefix",
  "fanout_patterns",
  "unacked_key",
  "unacked_index_key",
  "unacked_mutex_key",
  "unacked_mutex_expire",
  "unacked_restore_limit",
];

/**
 * Reads the URL and the options of a backend.
 * @throws ConfigError CELERIAC_BACKEND_URL with all that is wrong
 */
export function readRedisBackend(
  url: string,
  options: Readonly<Record<string, unknown>>,
): { readonly target: RedisTarget; readonly options: RedisBackendOptions } {
  const reader = new OptionReader(options);
  const target = parseRedisUrl(url, reader);
  const read: RedisBackendOptions = {
    globalKeyPrefix: reader.text("global_keyprefix") ?? "",
    chordOrdered: reader.flag("result_chord_ordered") ?? true,
  };
  reader.refuseUnknown([...IGNORED_REDIS_OPTIONS, ...OF_THE_BROKER]);
  if (target === undefined || reader.problems.length > 0)
    throw new ConfigError("CELERIAC_BACKEND_URL", { url: maskUrl(url), problem: reader.problems.join("; ") });
  return { target, options: read };
}
