import { describe, expect, it } from "vitest";
import { CollectingLogger } from "../../test/support/collecting-logger.ts";
import { drivers } from "../drivers.ts";
import { createDeferred } from "../util/deferred.ts";
import { nextHook } from "./next-hook.ts";
import { startWorker } from "./start-worker.ts";
import { testAppsWith } from "./test-app.ts";
import { valuesOf } from "./values-of.ts";

const createTestApp = testAppsWith(drivers);

describe("startWorker", () => {
  it("executes what the app sends, in this process", async () => {
    await using app = createTestApp();
    const seen: number[] = [];
    const keep = app.task("test.keep", (value: number) => seen.push(value));
    await using _worker = await startWorker(app);
    await (await keep.delay(7)).get({ timeout: "10s" });
    expect(seen).toEqual([7]);
  });

  it("gives the values of many results in their order", async () => {
    await using app = createTestApp();
    const double = app.task("test.double", async (x: number) => x * 2);
    await using _worker = await startWorker(app, { concurrency: 3 });
    const results = await double.sendMany([[1], [2], [3], [4]]);
    expect(await valuesOf(results)).toEqual([2, 4, 6, 8]);
  });

  it("waits for what runs when it is stopped", async () => {
    await using app = createTestApp();
    const gate = createDeferred();
    const slow = app.task("test.slow", () => gate.promise.then(() => "done"));
    const worker = await startWorker(app);
    const started = nextHook(app, "taskPrerun");
    const result = await slow.delay();
    await started;
    const stopping = worker.stop();
    gate.resolve();
    await stopping;
    expect(await result.get({ timeout: "10s" })).toBe("done");
  });

  it("interrupts a task that hangs, and says so", async () => {
    await using app = createTestApp();
    const hang = app.task("test.hang", () => new Promise(() => {}));
    const worker = await startWorker(app, { shutdownTimeout: "20ms" });
    const started = nextHook(app, "taskPrerun");
    await hang.delay();
    await started;
    await expect(worker.stop()).rejects.toThrow(/test worker celery@\S+ to end within 0\.02 s/);
    expect(worker.worker.state).toBe("stopped");
  });

  it("logs where the app logs", async () => {
    const logger = new CollectingLogger();
    await using app = createTestApp("test", {}, { logger });
    await using worker = await startWorker(app);
    expect(logger.messages("info")).toContain(`${worker.hostname} ready.`);
  });

  it("tells the hooks of test workers, once each", async () => {
    await using app = createTestApp();
    const told: string[] = [];
    for (const name of ["testWorkerStarting", "testWorkerStarted", "testWorkerStopped"] as const) app.on(name, () => void told.push(name));
    const worker = await startWorker(app);
    await worker.stop();
    await worker.stop();
    expect(told).toEqual(["testWorkerStarting", "testWorkerStarted", "testWorkerStopped"]);
  });
});
