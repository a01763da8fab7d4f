import { afterEach, beforeEach, describe, it } from "vitest";
import { createPool } from "../../src/pools/prefork/index.ts";
import { poolConformance } from "../../src/testing/conformance/pool/pool-conformance.ts";
import { poolHarness } from "../support/pool-harness.ts";

poolConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  name: "prefork",
  capabilities: { kill: true, concurrent: true, resizable: true, recycles: true, isolated: true },
  createHarness: () => poolHarness(createPool),
});
