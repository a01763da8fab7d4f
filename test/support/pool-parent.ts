// A program with a prefork pool, to be killed: its children spin for ever, or wait. It prints the pids of the children that run something.
import { createPool } from "../../src/pools/prefork/index.ts";
import { conformanceWork } from "../../src/testing/conformance/pool/conformance-work.ts";
import { poolEntry } from "./pool-harness.ts";

const pool = createPool({ concurrency: 2, work: conformanceWork, entry: poolEntry, aliveTimeoutMs: 20_000 });
await pool.start();
const pids: number[] = [];
for (const [id, errand] of [
  ["1", "spin"],
  ["2", "wait"],
] as const) {
  pool.submit(
    { id, header: { do: errand }, body: "" },
    {
      onStarted({ pid }) {
        pids.push(pid);
        if (pids.length === 2) console.log(JSON.stringify(pids));
      },
      onMessage: () => {},
      onOutcome: () => {},
      onLost: () => {},
    },
  );
}
