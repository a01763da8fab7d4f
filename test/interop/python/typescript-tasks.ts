// The TypeScript side of the tests of interoperability: the same tasks as pyapp.py has. Imported by the tests, and by the children of a
// worker of processes, which get their settings from the worker.
import { Celeriac } from "../../../src/celeriac.ts";
import type { AppSettings } from "../../../src/app/app-settings.ts";
import type { TaskContext } from "../../../src/task/task-context.ts";

/** Makes an app with the tasks that Python calls. */
export function makeTypescriptApp(settings: AppSettings): Celeriac {
  const app = new Celeriac("tsapp", settings, { env: {} });
  app.task("ts.echo", (value: unknown) => value);
  app.task("ts.add", { params: ["x", "y"] }, (x: number, y: number) => x + y);
  app.task("ts.mul", { params: ["x", "y"] }, (x: number, y: number) => x * y);
  app.task("ts.divide", { params: ["dividend", "divisor?", "floor?"] }, (dividend: number, divisor = 1, floor = false) =>
    floor ? Math.floor(dividend / divisor) : dividend / divisor,
  );
  app.task("ts.arguments", function (this: TaskContext, ..._all: unknown[]) {
    return { args: this.request.args, kwargs: this.request.kwargs };
  });
  app.task("ts.fail", (kind: string, message: string) => {
    throw errorOf(kind, message);
  });
  app.task("ts.retry_twice", { maxRetries: 5 }, function (this: TaskContext, countdown = 0) {
    if (this.request.retries < 2) throw this.retry({ countdown, exc: new Error("not yet") });
    return this.request.retries;
  });
  app.task("ts.retry_in_vain", { maxRetries: 1 }, function (this: TaskContext) {
    throw this.retry({ countdown: 0, exc: new RangeError("never") });
  });
  app.task("ts.request", function (this: TaskContext) {
    const { id, rootId, parentId, retries, timeLimit, softTimeLimit, ignoreResult, shadow, eta, expires, headers, correlationId } =
      this.request;
    const { priority = null } = this.request.deliveryInfo ?? {};
    return {
      id,
      rootId,
      parentId,
      retries,
      timeLimit,
      softTimeLimit,
      ignoreResult,
      shadow,
      eta,
      expires,
      headers,
      correlationId,
      priority,
    };
  });
  app.task("ts.call", async (name: string, args: unknown[]) => (await app.sendTask(name, args)).id);
  return app;
}

class OutOfStock extends Error {}

function errorOf(kind: string, message: string): Error {
  if (kind === "RangeError") return new RangeError(message);
  if (kind === "TypeError") return new TypeError(message);
  if (kind === "OutOfStock") return new OutOfStock(message);
  if (kind === "cause") return new RangeError(message, { cause: new TypeError("behind it") });
  if (kind === "named ValueError") return Object.assign(new Error(message), { name: "ValueError" });
  return new Error(message);
}

/** What the children of a worker import; the worker hands them its settings. */
export const app: Celeriac = makeTypescriptApp({ broker: "memory://typescript-peer" });
