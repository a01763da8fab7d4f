// The app of the worker's tests: imported by the tests, and by the children and programs that they start. Its broker is set by whoever
// imports it: by the worker's option `settings`, or by `-b`.
import { appendFileSync, existsSync } from "node:fs";
import { CeleriacApp } from "../../src/app/celeriac.ts";
import type { DriverTable } from "../../src/app/driver-table.ts";
import { drivers } from "../../src/drivers.ts";
import { Ignore, Reject } from "../../src/errors/directives.ts";
import type { TaskContext } from "../../src/task/task-context.ts";
import { until } from "./until.ts";

/** Makes the app with its tasks. */
export function makeApp(settings: Readonly<Record<string, unknown>> = {}, brokers: DriverTable["brokers"] = drivers.brokers) {
  const app = new CeleriacApp("tests", { broker: "memory://worker-tests", ...settings }, { drivers: { ...drivers, brokers }, env: {} });
  let index = -1;
  app.on("workerProcessInit", (child) => void (index = child.index));
  const add = app.task("t.add", { params: ["x", "y"] }, (x: number, y: number) => x + y);
  return {
    app,
    add,
    double: app.task("t.double", (x: number) => x * 2),
    noop: app.task("t.noop", { ignoreResult: true }, () => {}),
    boom: app.task("t.boom", (message: string) => {
      throw new TypeError(message);
    }),
    expected: app.task("t.expected", { throws: [RangeError] }, () => {
      throw new RangeError("as announced");
    }),
    mark: app.task("t.mark", (file: string, text: string) => {
      appendFileSync(file, `${text}\n`);
      return text;
    }),
    onError: app.task("t.onError", { ignoreResult: true }, (id: string, file: string) => appendFileSync(file, `failed ${id}\n`)),
    retryTwice: app.task("t.retryTwice", { maxRetries: 5 }, function (this: TaskContext) {
      if (this.request.retries < 2) throw this.retry({ countdown: 0, exc: new Error("not yet") });
      return this.request.retries;
    }),
    steps: app.task("t.steps", { trackStarted: true }, async function (this: TaskContext, file: string) {
      this.progress({ done: 1, of: 2 });
      await until(`the test to make ${file}`, () => existsSync(file));
      return "done";
    }),
    gated: app.task("t.gated", { trackStarted: true }, async (marks: string, gate: string) => {
      appendFileSync(marks, `started ${process.pid}\n`);
      await until(`the test to make ${gate}`, () => existsSync(gate));
      appendFileSync(marks, "ended\n");
      return "ended";
    }),
    gatedEarly: app.task("t.gatedEarly", { acksLate: false }, async (marks: string, gate: string) => {
      appendFileSync(marks, `started ${process.pid}\n`);
      await until(`the test to make ${gate}`, () => existsSync(gate));
    }),
    killFirst: app.task("t.killFirst", (file: string) => {
      const again = existsSync(file);
      appendFileSync(file, "run\n");
      if (!again) process.kill(process.pid, "SIGKILL");
      return "survived";
    }),
    killAlways: app.task("t.killAlways", (file: string) => {
      appendFileSync(file, "run\n");
      process.kill(process.pid, "SIGKILL");
    }),
    killEarly: app.task("t.killEarly", { acksLate: false }, (file: string) => {
      appendFileSync(file, "run\n");
      process.kill(process.pid, "SIGKILL");
    }),
    exit: app.task("t.exit", { rejectOnWorkerLost: false }, () => process.exit(3)),
    forgetRejection: app.task("t.forgetRejection", async () => {
      void Promise.reject(new Error("nobody awaits this"));
      await new Promise((resolve) => setImmediate(resolve));
      return "went on";
    }),
    ignored: app.task("t.ignored", () => {
      throw new Ignore();
    }),
    rejected: app.task("t.rejected", () => {
      throw new Reject("no thanks", false);
    }),
    unwritable: app.task("t.unwritable", (): unknown => {
      const circle: Record<string, unknown> = {};
      circle["self"] = circle;
      return circle;
    }),
    cyclic: app.task("t.cyclic", () => {
      const error = new Error("round and round");
      error.cause = error;
      throw error;
    }),
    spin: app.task("t.spin", { timeLimit: "300ms" }, () => {
      for (;;);
    }),
    spinFirst: app.task("t.spinFirst", { timeLimit: "300ms", acksOnTimeout: false }, (file: string) => {
      if (existsSync(file)) return "second";
      appendFileSync(file, "first\n");
      for (;;);
    }),
    childIndex: app.task("t.childIndex", (_call: number) => index),
    spinAlways: app.task("t.spinAlways", { timeLimit: "200ms", acksOnTimeout: false }, (file: string) => {
      appendFileSync(file, "run\n");
      for (;;);
    }),
    throwBeside: app.task("t.throwBeside", { rejectOnWorkerLost: false }, () => {
      setTimeout(() => {
        throw new Error("thrown beside its task");
      }, 1);
      return new Promise<never>(() => {});
    }),
    leaveException: app.task("t.leaveException", () => {
      setTimeout(() => {
        throw new Error("thrown by a timer");
      }, 1);
      return "ended";
    }),
    boomUnacked: app.task("t.boomUnacked", { acksOnFailure: false }, () => {
      throw new Error("kept");
    }),
    waitForSignal: app.task("t.waitForSignal", { softTimeLimit: "50ms" }, function (this: TaskContext) {
      return new Promise((_, reject) => {
        this.signal.addEventListener("abort", () => reject(this.signal.reason as Error));
      });
    }),
  };
}

/** Found by `-A` and by children. */
export const { app } = makeApp();
