// The one header that this driver adds to messages, where AMQP has no place for what is to be kept. It is taken off when the message is
// delivered; a Python worker that gets such a message does not look at it.

/** Name of the header. */
export const OWN_HEADER = "x-celeriac";

/** What the header holds. */
export interface OwnHeader {
  /** Not delivered before this time, in milliseconds since 1970: the broker delays by whole seconds. */
  readonly visibleAt?: number;
  /** Where a message was published to at first, where it was sent on to its queue by name. */
  readonly exchange?: string;
  readonly routingKey?: string;
  /** It was delivered before. */
  readonly redelivered?: boolean;
  /** It is a lease: which one. A message that is delivered with it came back because its holder has gone. */
  readonly lease?: string;
}

/** Takes the header off; undefined where there is none. */
export function takeOwnHeader(headers: Record<string, unknown>): OwnHeader | undefined {
  const header = headers[OWN_HEADER];
  if (header === undefined) return undefined;
  delete headers[OWN_HEADER];
  if (typeof header !== "object" || header === null) return undefined;
  const { visibleAt, exchange, routingKey, redelivered, lease } = header as Readonly<Record<string, unknown>>;
  return {
    ...(typeof visibleAt === "number" ? { visibleAt } : {}),
    ...(typeof exchange === "string" ? { exchange } : {}),
    ...(typeof routingKey === "string" ? { routingKey } : {}),
    ...(typeof redelivered === "boolean" ? { redelivered } : {}),
    ...(typeof lease === "string" ? { lease } : {}),
  };
}
