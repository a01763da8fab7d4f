import type { BackendRetry } from "../backend/backend-link.ts";
import type { ResolvedSettings } from "../config/settings.ts";
import { schemeOf } from "./driver-table.ts";

/** Celery's. */
const WRITE_RETRIES = 20;
const WRITE_PAUSE_MS = 1000;

const REDIS_SCHEMES: ReadonlySet<string> = new Set(["redis", "rediss", "redis+socket", "unix", "sentinel"]);

/** The URL of a backend; one that names no server, such as `redis://`, is filled in from the settings `redisHost`, `redisPort` and `redisDb`. */
export function backendUrlOf(settings: ResolvedSettings, url: string): string {
  const bare = /^(rediss?)(?::\/\/)?(\?.*)?$/.exec(url);
  if (bare === null) return url;
  const { redisHost, redisPort, redisDb } = settings;
  return `${bare[1]}://${redisHost ?? "localhost"}:${redisPort ?? 6379}/${redisDb ?? 0}${bare[2] ?? ""}`;
}

/** What Celery's settings `redis*` say of the connections of a Redis backend, as its options; nothing where the backend is another. */
export function redisBackendOptions(settings: ResolvedSettings, url: string | null): Readonly<Record<string, unknown>> {
  if (!isRedis(url)) return {};
  const { redisBackendUseSsl, redisSocketConnectTimeout, redisBackendHealthCheckInterval, redisClientName } = settings;
  const { redisUsername, redisPassword } = settings;
  const named = /^[a-z+]+:\/\/[^/?]*@/i.test(url);
  return {
    ...(!named && redisUsername !== null && { username: redisUsername }),
    ...(!named && redisPassword !== null && { password: redisPassword }),
    ...(redisBackendUseSsl !== null && { ssl: true, ...redisBackendUseSsl }),
    ...(redisSocketConnectTimeout !== null && { socket_connect_timeout: redisSocketConnectTimeout }),
    ...(redisBackendHealthCheckInterval !== null && { health_check_interval: redisBackendHealthCheckInterval }),
    ...(redisClientName !== null && { client_name: redisClientName }),
  };
}

/** How writes to a Redis backend are tried again: by `retry_policy` in the setting `resultBackendTransportOptions`, and by default as Celery does. */
export function redisWriteRetry(settings: ResolvedSettings, url: string | null): BackendRetry {
  if (!isRedis(url) || settings.resultBackendAlwaysRetry) return {};
  const { retry_policy: given = {} } = settings.resultBackendTransportOptions as Readonly<Record<string, unknown>>;
  const policy = typeof given === "object" && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
  const retries = policy["max_retries"];
  const longest = policy["interval_max"];
  return {
    writeRetries: typeof retries === "number" ? retries : WRITE_RETRIES,
    maxSleepMs: typeof longest === "number" ? longest * 1000 : WRITE_PAUSE_MS,
  };
}

function isRedis(url: string | null): url is string {
  return url !== null && REDIS_SCHEMES.has(schemeOf(url));
}
