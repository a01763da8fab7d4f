// The app of the kill storm: a task of 10 ms whose effect, a line in a ledger, is counted apart from broker and results.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Celeriac } from "../../src/index.ts";

const ledger = process.env["STORM_LEDGER"] ?? "";

/** The app; its broker URL is in the environment. */
export const app: Celeriac = new Celeriac("storm", { broker: process.env["STORM_BROKER"] ?? "memory://storm" });

/** Says that it starts, works for 10 ms, then leaves its mark. */
export const mark = app.task("storm.mark", async (index: number): Promise<number> => {
  appendFileSync(ledger, `+${index}\n`);
  await sleep(10);
  appendFileSync(ledger, `${index}\n`);
  return index;
});
