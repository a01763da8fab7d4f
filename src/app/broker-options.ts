import type { ResolvedSettings } from "../config/settings.ts";
import { schemeOf } from "./driver-table.ts";

const AMQP_SCHEMES: ReadonlySet<string> = new Set(["amqp", "amqps", "pyamqp"]);
const REDIS_SCHEMES: ReadonlySet<string> = new Set(["redis", "rediss", "redis+socket", "unix", "sentinel"]);

/** Options of a broker's driver: what the settings `broker*` say of its kind, below the setting `brokerTransportOptions`. */
export function brokerOptionsOf(settings: ResolvedSettings, url: string): Readonly<Record<string, unknown>> {
  const scheme = schemeOf(url);
  const { brokerTransportOptions: given, brokerUseSsl: ssl } = settings;
  if (REDIS_SCHEMES.has(scheme)) return ssl === false ? given : { ssl: true, ...(ssl === true ? {} : ssl), ...given };
  if (!AMQP_SCHEMES.has(scheme)) return given;
  const { brokerHeartbeat, brokerConnectionTimeout, brokerLoginMethod, brokerNativeDelayedDeliveryQueueType, brokerConfirmPublish } =
    settings;
  return {
    heartbeat: brokerHeartbeat ?? 0,
    connect_timeout: brokerConnectionTimeout,
    confirm_publish: brokerConfirmPublish,
    delay_queue_type: brokerNativeDelayedDeliveryQueueType,
    ...(brokerLoginMethod === null ? {} : { login_method: brokerLoginMethod }),
    ...(ssl === false ? {} : { ssl }),
    ...given,
  };
}
