import type { ResolvedSettings } from "./settings.ts";

/** Which way messages go on a connection: `"read"` for workers that consume, `"write"` for whoever publishes. */
export type BrokerDirection = "read" | "write";

/**
 * The broker URLs of one direction, the first to be tried first. `brokerReadUrl` or `brokerWriteUrl` comes before `brokerUrl`,
 * and that before a URL made of `brokerTransport`, `brokerHost` and their companions; null where none of them is set.
 */
export function brokerUrlsOf(settings: ResolvedSettings, direction: BrokerDirection): readonly string[] | null {
  const own = direction === "read" ? settings.brokerReadUrl : settings.brokerWriteUrl;
  return own ?? settings.brokerUrl ?? urlOfParts(settings);
}

function urlOfParts(settings: ResolvedSettings): readonly string[] | null {
  const { brokerTransport, brokerHost, brokerPort, brokerUser, brokerPassword, brokerVhost } = settings;
  if (brokerHost === null && brokerTransport === null) return null;
  const user = brokerUser === null ? "" : encodeURIComponent(brokerUser);
  const password = brokerPassword === null ? "" : `:${encodeURIComponent(brokerPassword)}`;
  const login = user === "" && password === "" ? "" : `${user}${password}@`;
  const port = brokerPort === null ? "" : `:${brokerPort}`;
  const vhost = brokerVhost === null ? "" : `/${encodeURIComponent(brokerVhost)}`;
  return [`${brokerTransport ?? "amqp"}://${login}${brokerHost ?? "localhost"}${port}${vhost}`];
}
