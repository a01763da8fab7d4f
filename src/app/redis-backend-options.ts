import type { ResolvedSettings } from "../config/settings.ts";
import { schemeOf } from "./driver-table.ts";

const REDIS_SCHEMES: ReadonlySet<string> = new Set(["redis", "rediss", "redis+socket", "unix", "sentinel"]);

/** What Celery's settings `redis*` say of the connections of a Redis backend, as its options; nothing where the backend is another. */
export function redisBackendOptions(settings: ResolvedSettings, url: string | null): Readonly<Record<string, unknown>> {
  if (url === null || !REDIS_SCHEMES.has(schemeOf(url))) return {};
  const { redisBackendUseSsl, redisSocketConnectTimeout, redisBackendHealthCheckInterval, redisClientName } = settings;
  return {
    ...(redisBackendUseSsl !== null && { ssl: true, ...redisBackendUseSsl }),
    ...(redisSocketConnectTimeout !== null && { socket_connect_timeout: redisSocketConnectTimeout }),
    ...(redisBackendHealthCheckInterval !== null && { health_check_interval: redisBackendHealthCheckInterval }),
    ...(redisClientName !== null && { client_name: redisClientName }),
  };
}
