import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { createBrokerDriver } from "../../src/brokers/sqlite/index.ts";
import { brokerConformance } from "../../src/testing/conformance/broker/broker-conformance.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";

const clock = new FakeClock();

// A connection cannot be crashed here without its process: test/integration/sqlite kills real ones.
brokerConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver: createBrokerDriver({ clock }),
  createHarness: async () => {
    const folder = await mkdtemp(join(tmpdir(), "celeriac-broker-"));
    return {
      url: `sqlite://${join(folder, "celeriac.db")}`,
      advance: (milliseconds) => clock.advance(milliseconds),
      now: () => clock.now(),
      close: () => rm(folder, { recursive: true }),
    };
  },
});
