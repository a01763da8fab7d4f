// The app that is measured. Children of the prefork pool import it as well; they count into files, since the worker does not see bodies run.
import { openSync, writeSync } from "node:fs";
import { Celeriac } from "../../dist/index.js";
import type { Payload } from "../measure.ts";

/** The app; its broker is in the environment. */
export const app: Celeriac = new Celeriac("bench", { broker: process.env["BENCH_BROKER"] ?? "memory://bench" });

/** How many tasks this process has run, and when it ran the first. */
export const executed = { count: 0, onCount: (_count: number): void => {} };

/** Does nothing, and gives nothing. */
export const noop = app.task("bench.noop", { ignoreResult: true }, (_payload: Payload): void => {
  executed.count += 1;
  executed.onCount(executed.count);
});

/** Gives back its argument. */
export const echo = app.task("bench.echo", (n: number): number => n);

const folder = process.env["BENCH_COUNTS"];
if (folder !== undefined) {
  const file = openSync(`${folder}/${process.pid}`, "w");
  let written = 0;
  setInterval(() => {
    if (executed.count === written) return;
    written = executed.count;
    writeSync(file, String(written), 0);
  }, 10).unref();
}
