import { afterEach, beforeEach, describe, it } from "vitest";
import { createPool } from "../../src/pools/async/index.ts";
import { poolConformance } from "../../src/testing/conformance/pool/pool-conformance.ts";
import { poolHarness } from "../support/pool-harness.ts";

poolConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  name: "async",
  capabilities: { kill: false, concurrent: true, resizable: true, recycles: false, isolated: false },
  createHarness: () => poolHarness(createPool),
});
