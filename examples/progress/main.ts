// A long task tells how far it is, and stops early when it is told to. The bar is drawn on standard error, as a program would.
import { setTimeout as sleep } from "node:timers/promises";
import { Celeriac } from "celeriac";
import { Worker } from "celeriac/worker";

const app = new Celeriac("press", { broker: "memory://" });

interface Progress {
  readonly done: number;
  readonly of: number;
}

const print = app.task("press.print", { trackStarted: true }, async function (pages: number) {
  for (let done = 1; done <= pages; done++) {
    await sleep(10, undefined, { signal: this.signal });
    this.progress({ done, of: pages } satisfies Progress);
  }
  return `${pages} pages`;
});

await using worker = new Worker(app, { pool: "async" });
await worker.start();

let furthest = 0;
let wentBack = false;
const result = await print.delay(20);
const value = await result.get({
  timeout: "20s",
  onState({ status, result: meta }) {
    if (status !== "PROGRESS") return;
    const { done, of } = meta as Progress; // what the task above gives to progress()
    wentBack ||= done < furthest;
    furthest = done;
    process.stderr.write(`\r[${"#".repeat(done)}${".".repeat(of - done)}]`);
  },
});
process.stderr.write("\n");

console.log("printed:", value);
console.log("was seen at work:", furthest > 0);
console.log("went back:", wentBack);
console.log("state:", await result.state());

await worker.stop();
await app.close();
