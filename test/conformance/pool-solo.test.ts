import { afterEach, beforeEach, describe, it } from "vitest";
import { createPool } from "../../src/pools/solo/index.ts";
import { poolConformance } from "../../src/testing/conformance/pool/pool-conformance.ts";
import { poolHarness } from "../support/pool-harness.ts";

poolConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  name: "solo",
  capabilities: { kill: false, concurrent: false, resizable: false, recycles: false, isolated: false },
  createHarness: () => poolHarness(createPool),
});
