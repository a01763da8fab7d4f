import { afterEach, beforeEach, describe, it } from "vitest";
import { createBackendDriver } from "../../src/backends/memory/index.ts";
import { backendConformance } from "../../src/testing/conformance/backend/backend-conformance.ts";
import { systemClock } from "../../src/util/clock.ts";

let harnesses = 0;

backendConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver: createBackendDriver(),
  createHarness: async () => {
    let now = 1_700_000_000_000;
    return {
      params: { url: `memory://conformance-${++harnesses}`, options: { clock: { ...systemClock, now: () => now } } },
      advance: (milliseconds) => void (now += milliseconds),
      close: async () => {},
    };
  },
});
