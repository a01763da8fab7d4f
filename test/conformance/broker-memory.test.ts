import { afterEach, beforeEach, describe, it } from "vitest";
import { createBrokerDriver, loseMemoryConnection } from "../../src/brokers/memory/index.ts";
import { brokerConformance } from "../../src/testing/conformance/broker/broker-conformance.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";

const clock = new FakeClock();
let count = 0;

brokerConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver: createBrokerDriver({ clock }),
  createHarness: () =>
    Promise.resolve({
      url: `memory://conformance-${++count}`,
      crash: (connection) => loseMemoryConnection(connection, new Error("killed by the test")),
      advance: (milliseconds) => clock.advance(milliseconds),
      now: () => clock.now(),
      close: () => Promise.resolve(),
    }),
});
