// The publications that chapters send, and the reading of what comes back.
import type { Delivery, Publication } from "../../../broker/contract.ts";

/** A publication to a queue by its name, through the default exchange. */
export function toQueue(
  queue: string,
  body: string | Uint8Array,
  message: Partial<Publication["message"]> = {},
  visibleAt?: number,
): Publication {
  return {
    exchange: "",
    routingKey: queue,
    message: { contentType: "application/json", contentEncoding: "utf-8", headers: {}, properties: {}, ...message, body },
    ...(visibleAt === undefined ? {} : { visibleAt }),
  };
}

/** A publication to an exchange. */
export function toExchange(exchange: string, routingKey: string, body: string): Publication {
  return { ...toQueue("", body), exchange, routingKey };
}

/** The body of a delivery as text, whichever form a driver gives it in. */
export function textOf(delivery: Delivery | undefined): string | undefined {
  if (delivery === undefined) return undefined;
  return typeof delivery.body === "string" ? delivery.body : Buffer.from(delivery.body).toString("utf8");
}
