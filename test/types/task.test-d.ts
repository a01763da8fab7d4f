// What `app.task`, `registerTask` and `remote` infer. Checked by tsc; never run.
import * as v from "valibot";
import type { CeleriacApp } from "../../src/app/celeriac.ts";
import type { AsyncResult } from "../../src/canvas/async-result.ts";
import type { BoundTask, RemoteTask, TaskOf } from "../../src/task/bound-task.ts";
import { Task } from "../../src/task/class-task.ts";
import { type Eq, is } from "./type-equality.ts";

declare const app: CeleriacApp;

// All forms, with inferred types.
const named = app.task("shop.add", (x: number, y: number) => x + y);
is<Eq<typeof named, BoundTask<[x: number, y: number], number, number>>>();
const optioned = app.task(
  "shop.charge",
  { maxRetries: 5, retryBackoff: true, rateLimit: "10/s", softTimeLimit: "20s", timeLimit: "30s" },
  async function (id: string) {
    this.progress({ step: "authorise" });
    this.signal.throwIfAborted();
    if (id === "") throw this.retry({ countdown: "10s" });
    return { id };
  },
);
is<Eq<typeof optioned, BoundTask<[id: string], { id: string }, Promise<{ id: string }>>>>();
function double(x: number): number {
  return 2 * x;
}
const plain = app.task(double);
is<Eq<typeof plain, BoundTask<[x: number], number, number>>>();
const both = app.task({ queue: "slow" }, double);
is<Eq<typeof both, TaskOf<typeof double>>>();
const validated = app.task("shop.order", { schema: v.object({ sku: v.string() }) }, (order: { sku: string }) => order.sku.length);
void validated.delay({ sku: "a" });
export const annotated: TaskOf<typeof double> = app.task("shop.double", double);

// Remote tasks.
const mul = app.remote<(x: number, y: number) => number>("proj.tasks.mul");
is<Eq<typeof mul, RemoteTask<[x: number, y: number], number>>>();
is<Eq<Awaited<ReturnType<typeof mul.sendMany>>, AsyncResult<number>[]>>();

// Classes.
class Resize extends Task {
  static maxRetries = 1;
  override readonly name = "shop.resize";
  run(path: string, size: number): string {
    return `${path}@${size}${this.request.id}`;
  }
}
const resize = app.registerTask(Resize);
is<Eq<typeof resize, BoundTask<[path: string, size: number], string, string>>>();
void app.registerTask(new Resize()).delay("a", 1);

// @ts-expect-error wrong argument
void named.delay("1", 2);
// @ts-expect-error a misspelt option
app.task("shop.x", { maxRetry: 3 }, double);
// @ts-expect-error no unit
app.task("shop.y", { timeLimit: "30" }, double);
// @ts-expect-error a wrong kind of unit
app.task("shop.z", { timeLimit: "30 parsecs" }, double);
// @ts-expect-error nothing to run
app.task("shop.nothing");
// @ts-expect-error another `this`
app.task("shop.this", function (this: { wrong: true }, x: number) {
  return this.wrong && x;
});
