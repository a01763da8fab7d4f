import { afterEach, beforeEach, describe, it } from "vitest";
import { createPool } from "../../src/pools/threads/index.ts";
import { poolConformance } from "../../src/testing/conformance/pool/pool-conformance.ts";
import { poolHarness } from "../support/pool-harness.ts";

poolConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  name: "threads",
  capabilities: { kill: true, concurrent: true, resizable: true, recycles: true, isolated: true },
  createHarness: () => poolHarness(createPool),
});
