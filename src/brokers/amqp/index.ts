// RabbitMQ, on Celery's wire. Exported as `createBrokerDriver`.
import type { BrokerCapabilities, BrokerDriver } from "../../broker/contract.ts";
import { BrokerError } from "../../errors/celeriac-error.ts";
import { readAmqpOptions } from "../../stores/amqp/amqp-options.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { AmqpBrokerConnection } from "./amqp-broker-connection.ts";
import { failedToConnect } from "./amqp-errors.ts";

/** What the driver can be made with. */
export interface AmqpBrokerDriverOptions {
  /** Where time comes from; RabbitMQ's own is the system's. @default the system's clock */
  readonly clock?: Clock;
}

const capabilities: BrokerCapabilities = Object.freeze({
  delay: true,
  countsDelayed: false,
  priority: true,
  fanout: true,
  expiry: true,
  countsDeaths: false,
  deliveriesSurviveReconnect: false,
  celeryPeers: true,
  shared: true,
});

/** Makes the driver of `amqp://` and `amqps://` URLs. */
export function createBrokerDriver({ clock = systemClock }: AmqpBrokerDriverOptions = {}): BrokerDriver {
  /** By URL. */
  const quorumQueues = new Map<string, Set<string>>();
  return {
    name: "amqp",
    capabilities,
    open: async (open) => {
      const options = readAmqpOptions(open.url, open.options);
      let known = quorumQueues.get(open.url);
      if (known === undefined) quorumQueues.set(open.url, (known = new Set()));
      try {
        return await AmqpBrokerConnection.open({ options, clock, open, quorumQueues: known });
      } catch (error) {
        throw failedToConnect(options.shownUrl, options.vhost, error);
      }
    },
    // What the driver knows to be a refusal is an error of ours; all else is the connection's.
    classifyError: (error) => (error instanceof TypeError || error instanceof RangeError ? "refused" : "unavailable"),
  };
}

/** Ends a connection of an AMQP broker as the death of its process would, for tests: its sockets are cut, and `onLost` is called. */
export function breakAmqpConnection(connection: unknown, error: Error): void {
  if (!(connection instanceof AmqpBrokerConnection)) {
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: "breaking a connection",
      reason: "it is not a connection of an AMQP broker",
    });
  }
  connection.breakOff(error);
}
