import type { ChildEntry, PoolFactory } from "../../src/pool/contract.ts";
import { conformanceWork } from "../../src/testing/conformance/pool/conformance-work.ts";
import type { PoolHarness } from "../../src/testing/conformance/pool/pool-suite.ts";

/** The entry module of the children of pools under test. */
export const poolEntry: ChildEntry = { module: new URL("pool-entry.ts", import.meta.url).href, data: {} };

/** Makes pools whose jobs are done by the suite's work. */
export function poolHarness(createPool: PoolFactory): PoolHarness {
  return { createPool: (options) => createPool({ ...options, work: conformanceWork, entry: poolEntry }) };
}
