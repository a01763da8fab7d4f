// Giving back with a death or for a later time, where the driver's store may not be able to.
import { BrokerError } from "../errors/celeriac-error.ts";
import type { BrokerCapabilities, Delivery, DriverConnection, Settlement } from "./contract.ts";
import { publicationWithDeath } from "./death-count.ts";

/**
 * Gives a delivery back. Where the store does not count deaths, the message is published again with a header that does, and is
 * acknowledged when that is confirmed: it is in one of both places at every moment, and for a moment in both.
 * @returns whether the delivery was still ours
 * @throws BrokerError `CELERIAC_BROKER_REFUSED` for a later time, where the broker cannot delay
 */
export async function giveBack(
  connection: DriverConnection,
  capabilities: BrokerCapabilities,
  delivery: Delivery,
  settlement: Settlement & { readonly kind: "requeue" },
): Promise<boolean> {
  const { death, visibleAt } = settlement;
  if (visibleAt !== undefined && !capabilities.delay) {
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `giving back a message to the queue ${JSON.stringify(delivery.queue)} for a later time`,
      reason: "this broker cannot delay messages; hold it until then",
    });
  }
  if (death === undefined || capabilities.countsDeaths) return connection.settle(delivery.tag, settlement);
  // What is published to a queue that has gone is dropped without a word: the message would be lost.
  if ((await connection.queueInfo(delivery.queue)) === undefined) {
    throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue: delivery.queue, hint: "it was deleted while its message was held" });
  }
  const publication = publicationWithDeath(delivery, death);
  await connection.publish([visibleAt === undefined ? publication : { ...publication, visibleAt }]);
  return connection.settle(delivery.tag, { kind: "ack" });
}
