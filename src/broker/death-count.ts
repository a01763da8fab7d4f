// The deaths of a message, for brokers that do not count them: a header of the message that is published again in place of being given
// back. It goes to its queue by name, so that other queues get no copy, and the header keeps where it was published to at first.
import type { Deaths, Delivery, Publication } from "./contract.ts";

/** Name of the header that counts. */
export const DEATHS_HEADER = "x-celeriac-deaths";

/** A delivery with the deaths and the address that its header tells, if it has one. */
export function withCountedDeaths(delivery: Delivery): Delivery {
  const header = delivery.headers[DEATHS_HEADER];
  if (typeof header !== "object" || header === null) return delivery;
  const counted = header as Readonly<Record<string, unknown>>;
  return {
    ...delivery,
    redelivered: true,
    deaths: { child: countOf(counted["child"]), worker: countOf(counted["worker"]) },
    exchange: typeof counted["exchange"] === "string" ? counted["exchange"] : delivery.exchange,
    routingKey: typeof counted["routingKey"] === "string" ? counted["routingKey"] : delivery.routingKey,
  };
}

/** The publication that takes the place of a delivery, with one more death. */
export function publicationWithDeath(delivery: Delivery, death: keyof Deaths): Publication {
  const deaths = { ...delivery.deaths, [death]: delivery.deaths[death] + 1 };
  const { body, contentType, contentEncoding, headers, properties, exchange, routingKey } = delivery;
  return {
    exchange: "",
    routingKey: delivery.queue,
    message: {
      body,
      contentType,
      contentEncoding,
      properties,
      headers: { ...headers, [DEATHS_HEADER]: { ...deaths, exchange, routingKey } },
    },
  };
}

function countOf(value: unknown): number {
  return typeof value === "number" && value >= 0 ? value : 0;
}
