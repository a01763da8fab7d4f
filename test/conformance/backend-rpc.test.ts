import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "vitest";
import type { BackendConnection, BackendDriver } from "../../src/backend/contract.ts";
import { createBackendDriver } from "../../src/backends/rpc/index.ts";
import { Broker } from "../../src/broker/broker.ts";
import { replyQueue } from "../../src/broker/reply-queue.ts";
import { createBrokerDriver } from "../../src/brokers/memory/index.ts";
import { backendConformance } from "../../src/testing/conformance/backend/backend-conformance.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";

const clock = new FakeClock();
let current: { readonly driver: BackendDriver; readonly replyTo: string } | undefined;

/** As a worker stores the results of tasks which this process sent: each says where they go. */
const driver: BackendDriver = {
  ...createBackendDriver(),
  open: async (params) => {
    if (current === undefined) throw new Error("no test is running");
    const { replyTo } = current;
    const connection = await current.driver.open(params);
    const { store } = connection;
    connection.store = (entries) =>
      store.call(
        connection,
        entries.map((entry) => ({ ...entry, replyTo })),
      );
    return connection satisfies BackendConnection;
  },
};

backendConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver,
  createHarness: async () => {
    const replyTo = randomUUID();
    const broker = new Broker(createBrokerDriver({ clock }), { url: `memory://rpc-${replyTo}`, clock });
    // As the app does before it sends its first task.
    await broker.declare(replyQueue(replyTo, null));
    current = { replyTo, driver: createBackendDriver({ clock, broker: async () => broker, replyTo, expiresMs: null }) };
    return {
      params: { url: "rpc://", options: {} },
      advance: (milliseconds) => clock.advance(milliseconds),
      close: async () => {
        current = undefined;
        await broker.close();
      },
    };
  },
});
