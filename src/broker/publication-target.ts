import { BrokerError } from "../errors/celeriac-error.ts";
import type { BrokerCapabilities, Publication } from "./contract.ts";

/** Where a publication goes, for sentences. */
export function describeTarget(publication: Publication | undefined): string {
  if (publication === undefined) return "nothing";
  const { exchange, routingKey } = publication;
  return exchange === ""
    ? `the queue ${JSON.stringify(routingKey)}`
    : `the exchange ${JSON.stringify(exchange)} by ${JSON.stringify(routingKey)}`;
}

/**
 * Refuses what the broker cannot take, before anything is sent.
 * @param maxBytes longest body; Infinity where there is no limit
 */
export function checkPublication(publication: Publication, capabilities: BrokerCapabilities, maxBytes: number): void {
  const { body } = publication.message;
  // A character is three bytes at most (a pair of surrogates, two characters, is four), so that most texts need not be measured.
  if (body.length * 3 > maxBytes) {
    const bytes = typeof body === "string" ? Buffer.byteLength(body, "utf8") : body.byteLength;
    if (bytes > maxBytes) {
      const queue = publication.exchange === "" ? publication.routingKey : `bound to ${publication.exchange} by ${publication.routingKey}`;
      throw new BrokerError("CELERIAC_MESSAGE_TOO_LARGE", { bytes, limit: maxBytes, queue });
    }
  }
  if (publication.visibleAt !== undefined && !capabilities.delay) {
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `publishing to ${describeTarget(publication)} for a later time`,
      reason: "this broker cannot delay messages; publish it at once with an eta, and a worker holds it until then",
    });
  }
}
