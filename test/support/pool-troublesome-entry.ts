// An entry module whose trouble is chosen by the pool's data: at import, or by its jobs.
import { spawn } from "node:child_process";
import { existsSync, writeFileSync, writeSync } from "node:fs";
import { entryData, serveJobs } from "../../src/pool/child-runtime.ts";
import type { PoolOutcome, RunningJob } from "../../src/pool/contract.ts";
import { conformanceWork } from "../../src/testing/conformance/pool/conformance-work.ts";

const data = entryData() as { readonly at?: "throw" | "silent" | "hang" | "exit"; readonly throwWhen?: string; readonly stopFile?: string };

if (data.at === "throw" || (data.throwWhen !== undefined && existsSync(data.throwWhen))) throw new Error("this module is broken");
if (data.at === "hang") await new Promise(() => {});
if (data.at === "exit") process.exit(5);
if (data.at !== "silent") {
  serveJobs(work, {
    onStop: () => {
      if (data.stopFile !== undefined) writeFileSync(data.stopFile, "stopped", { flag: "a" });
    },
  });
}

function work(job: RunningJob): Promise<PoolOutcome> | PoolOutcome {
  switch (job.header["do"]) {
    case "garbage":
      writeSync(3, "printed to the wrong descriptor");
      return new Promise(() => {});
    case "leave-a-process": {
      const left = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
      left.unref();
      return { header: { pid: left.pid } };
    }
    case "unspeakable":
      return { header: { big: 1n } };
    default:
      return conformanceWork(job);
  }
}
