// A worker in this process on the memory broker, with the async pool: what happens to a message from its arrival to its end.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listDead } from "../../src/broker/dead-letter.ts";
import { createDeferred } from "../../src/util/deferred.ts";
import type { WorkerOptions } from "../../src/worker/worker-options.ts";
import { Worker } from "../../src/worker/worker.ts";
import { CollectingLogger } from "../support/collecting-logger.ts";
import { makeApp } from "../support/worker-tasks.ts";

let tasks: ReturnType<typeof makeApp>;
let worker: Worker;
let log: CollectingLogger;
let folder: string;
const get = { timeout: 10 } as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-worker-"));
  log = new CollectingLogger();
  tasks = makeApp({ broker: `memory://${crypto.randomUUID()}` });
});

afterEach(async () => {
  await worker?.stop();
  await tasks.app.close();
  rmSync(folder, { recursive: true });
});

async function start(options: WorkerOptions = {}): Promise<Worker> {
  worker = new Worker(tasks.app, { pool: "async", hostname: "w@test", logger: log, ...options });
  await worker.start();
  return worker;
}

const waiting = async (): Promise<number | undefined> => (await (await tasks.app.connections.broker("read")).queueInfo("celery"))?.messages;
const dead = async () => listDead(await tasks.app.connections.broker("read"), "celery");

describe("a worker", () => {
  it("executes a task, stores its result and acknowledges it", async () => {
    await start();
    expect(await (await tasks.add.delay(2, 3)).get(get)).toBe(5);
    await worker.stop();
    expect([await waiting(), await dead()]).toEqual([0, []]);
  });

  it("writes a line when a task is received and when it has ended, in Celery's words, with its id and name", async () => {
    await start();
    const { id } = await tasks.add.delay(2, 3);
    const line = await log.line(/succeeded/);
    expect(line.message).toMatch(new RegExp(`^Task t\\.add\\[${id}\\] succeeded in [\\d.]+s: 5$`));
    expect(line.fields).toMatchObject({ taskId: id, taskName: "t.add" });
    expect(log.messages("info")).toContain(`Task t.add[${id}] received`);
  });

  it("stores a failure with its type and message, and says whether it was expected", async () => {
    await start();
    const unexpected = await tasks.boom.delay("broken");
    await expect(unexpected.get(get)).rejects.toThrow("broken");
    const expected = await tasks.expected.delay();
    await expect(expected.get(get)).rejects.toThrow("as announced");
    expect((await log.line(/raised unexpected/)).message).toContain(`Task t.boom[${unexpected.id}] raised unexpected: TypeError('broken')`);
    expect((await log.line(/raised expected/)).level).toBe("info");
    await worker.stop();
    expect(await waiting()).toBe(0);
  });

  it("runs a task again that asks for it, under the same id", async () => {
    await start();
    const result = await tasks.retryTwice.delay();
    expect(await result.get(get)).toBe(2);
    expect(log.lines.filter(({ message }) => message.includes(`Task t.retryTwice[${result.id}] retry: Retry now`))).toHaveLength(2);
  });

  it("calls what is linked to a success with its result, and what is linked to a failure with its id", async () => {
    const file = join(folder, "marks");
    await start();
    const good = await tasks.mark.applyAsync([file, "first"], { link: tasks.mark.si(file, "linked") });
    await good.get(get);
    const bad = await tasks.boom.applyAsync(["x"], { linkError: tasks.onError.s(file) });
    await expect(bad.get(get)).rejects.toThrow("x");
    await log.line(/t\.mark\[(?!.*received).*succeeded in .*linked/);
    await log.line(/Task t\.onError\[.*succeeded/);
    const [first, linked, failed] = readFileSync(file, "utf8").trim().split("\n");
    expect([first, linked]).toEqual(["first", "linked"]);
    expect(failed).toBe(`failed ${bad.id}`);
  });

  it("goes on with a chain, each step with the result of the one before", async () => {
    await start();
    const result = await tasks.add.s(1, 2).pipe(tasks.double.s()).pipe(tasks.double.s()).delay();
    expect(await result.get(get)).toBe(12);
  });

  it("stores what a task tells of its progress, before its end", async () => {
    const gate = join(folder, "gate");
    await start();
    const result = await tasks.steps.delay(gate);
    const seen: unknown[] = [];
    const progressed = createDeferred();
    const backend = await tasks.app.connections.backend();
    const ended = backend.wait(result.id, {
      timeoutMs: 10_000,
      onMeta(meta) {
        seen.push(meta.status);
        if (meta.status === "PROGRESS") progressed.resolve();
      },
    });
    await progressed.promise;
    writeFileSync(gate, "");
    await ended;
    expect(seen.slice(-2)).toEqual(["PROGRESS", "SUCCESS"]);
    expect(seen).not.toContain("RETRY");
  });

  it("revokes a task that has expired, without running it", async () => {
    const file = join(folder, "marks");
    const expired = await tasks.mark.applyAsync([file, "too late"], { expires: new Date(Date.now() - 1000) });
    const revoked: boolean[] = [];
    tasks.app.on("taskRevoked", (event) => void revoked.push(event.expired));
    await start();
    await expect(expired.get(get)).rejects.toThrow("expired");
    expect(await expired.state()).toBe("REVOKED");
    expect(revoked).toEqual([true]);
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  it("parks a task in the broker until its eta", async () => {
    await start();
    const result = await tasks.add.applyAsync([1, 1], { countdown: "150ms" });
    expect(worker.consumer?.engine.active.size).toBe(0);
    expect(await result.get(get)).toBe(2);
  });

  it("stores nothing where results are ignored, by the task or by itself", async () => {
    await start();
    const noop = await tasks.noop.delay();
    const ignored = await tasks.ignored.delay();
    await log.line(/t\.noop.*succeeded/);
    await log.line(/t\.ignored.*ignored/);
    await worker.stop();
    expect([await noop.state(), await ignored.state(), await waiting()]).toEqual(["PENDING", "PENDING", 0]);
  });

  it("acknowledges early where the task wants it", async () => {
    const [marks, gate] = [join(folder, "marks"), join(folder, "gate")];
    await start();
    const settled = createDeferred<number>();
    tasks.app.on("taskPrerun", () => void setImmediate(() => settled.resolve(worker.consumer?.engine.active.running ?? 0)));
    const result = await tasks.gatedEarly.delay(marks, gate);
    expect(await settled.promise).toBe(1);
    const [request] = [...(worker.consumer?.engine.active ?? [])];
    expect(request?.settled).toBe(true);
    writeFileSync(gate, "");
    await result.get(get);
  });

  it("fails a task whose result cannot be written", async () => {
    await start();
    const result = await tasks.unwritable.delay();
    await expect(result.get(get)).rejects.toThrow(/cannot write/);
    expect(await result.state()).toBe("FAILURE");
  });

  it("stores an exception that has itself as its cause", async () => {
    await start();
    await expect((await tasks.cyclic.delay()).get(get)).rejects.toThrow("round and round");
  });

  it("ends a task at its soft time limit by its signal", async () => {
    await start();
    await expect((await tasks.waitForSignal.delay()).get(get)).rejects.toThrow("SoftTimeLimitExceeded");
  });
});

describe("a message that cannot be executed", () => {
  it("of a task that it does not know fails, with the name that was meant, and is kept among the dead letters", async () => {
    const unknown: string[] = [];
    tasks.app.on("taskUnknown", ({ name }) => void unknown.push(name));
    await start();
    const result = await tasks.app.sendTask("t.ad", [1, 2]);
    await expect(result.get(get)).rejects.toThrow('no task is registered as "t.ad"');
    await worker.stop();
    expect(await dead()).toMatchObject([{ id: result.id, task: "t.ad", reason: "unknown-task", node: "w@test" }]);
    expect(log.messages("error")).toEqual([expect.stringMatching(/Received unregistered task of type "t\.ad".*did you mean "t\.add"\?/)]);
    expect(unknown).toEqual(["t.ad"]);
  });

  it("of a task that it does not know calls its errbacks and fails the rest of its chain", async () => {
    const file = join(folder, "marks");
    await start();
    const chained = await tasks.app
      .signature("t.ad", [1, 2], { linkError: [tasks.onError.s(file as never)] })
      .pipe(tasks.double.s() as never)
      .delay();
    await expect(chained.get(get)).rejects.toThrow('no task is registered as "t.ad"');
    await log.line(/Task t\.onError\[.*succeeded/);
    expect(readFileSync(file, "utf8")).toMatch(/^failed /);
  });

  it("of a task that it does not know waits for another worker, where the setting says so", async () => {
    tasks.app.configure({ taskUnknown: "park" });
    await start();
    const result = await tasks.app.sendTask("t.elsewhere");
    await log.line(/waits in the queue celery/);
    await worker.stop();
    expect([await waiting(), await dead(), await result.state()]).toEqual([1, [], "PENDING"]);
  });

  it("that is no task message is kept among the dead letters, with the reason", async () => {
    const refused: (string | undefined)[] = [];
    tasks.app.on("taskRejected", ({ error }) => void refused.push(error?.message));
    await start();
    const broker = await tasks.app.connections.broker("read");
    const message = { contentType: "application/json", contentEncoding: "utf-8", properties: {} };
    await broker.publishMany([
      { exchange: "", routingKey: "celery", message: { ...message, body: "not json", headers: {} } },
      {
        exchange: "",
        routingKey: "celery",
        message: { ...message, body: "[[],{},{}]", headers: { task: "t.add", id: "bad-eta", eta: "tomorrow" } },
      },
      {
        exchange: "",
        routingKey: "celery",
        message: { ...message, body: '[[1, 2], "kwargs", {}]', headers: { task: "t.add", id: "bad-body" } },
      },
    ]);
    await log.line(/bad-body\] rejected/);
    await worker.stop();
    expect((await dead()).map(({ reason, detail }) => [reason, detail])).toEqual([
      ["malformed", expect.stringMatching(/cannot be read/)],
      ["malformed", expect.stringMatching(/the header eta to be an ISO-8601 time/)],
      ["malformed", expect.stringMatching(/keyword arguments to be an object/)],
    ]);
    expect([refused.length, await waiting()]).toEqual([2, 0]);
  });

  it("because the task rejects it is kept among the dead letters and fails", async () => {
    await start();
    const result = await tasks.rejected.delay();
    await expect(result.get(get)).rejects.toThrow("no thanks");
    await worker.stop();
    expect(await dead()).toMatchObject([{ id: result.id, reason: "rejected" }]);
  });

  it("because too many workers vanished with it fails and is kept among the dead letters", async () => {
    tasks.app.configure({ taskMaxWorkerDeaths: 2 });
    const result = await tasks.add.delay(1, 1);
    const broker = await tasks.app.connections.broker("read");
    for (let death = 0; death < 2; death++) {
      const delivery = await broker.get("celery");
      if (delivery) await broker.settle(delivery, { kind: "requeue", death: "worker" });
    }
    await start();
    await expect(result.get(get)).rejects.toThrow(/2 workers vanished/);
    await worker.stop();
    expect(await dead()).toMatchObject([{ id: result.id, reason: "redelivery-limit", deaths: { worker: 2 } }]);
  });
});

describe("the life of a worker", () => {
  it("lets what runs end at a warm stop, and gives the rest back", async () => {
    const [marks, gate] = [join(folder, "marks"), join(folder, "gate")];
    await start({ concurrency: 1 });
    const running = await tasks.gated.delay(marks, gate);
    const started = createDeferred();
    tasks.app.on("taskPrerun", () => started.resolve());
    const rest = await tasks.add.delay(1, 1);
    await started.promise;
    const stopped = worker.stop();
    writeFileSync(gate, "");
    await stopped;
    expect(await running.get(get)).toBe("ended");
    expect([await waiting(), await rest.state(), worker.state, await worker.stopped]).toEqual([1, "PENDING", "stopped", { exitCode: 0 }]);
  });

  it("interrupts what runs at a cold stop, and gives it back uncounted", async () => {
    const [marks, gate] = [join(folder, "marks"), join(folder, "gate")];
    await start();
    const started = createDeferred();
    tasks.app.on("taskPrerun", () => started.resolve());
    await tasks.gated.delay(marks, gate);
    await started.promise;
    await worker.stop({ how: "cold" });
    writeFileSync(gate, "");
    const delivery = await (await tasks.app.connections.broker("read")).get("celery");
    expect([delivery?.deaths, await worker.stopped]).toEqual([{ child: 0, worker: 0 }, { exitCode: 1 }]);
  });

  it("gives running tasks the time of a soft shutdown before a cold one", async () => {
    tasks.app.configure({ workerSoftShutdownTimeout: 10 });
    const [marks, gate] = [join(folder, "marks"), join(folder, "gate")];
    await start();
    const started = createDeferred();
    tasks.app.on("taskPrerun", () => started.resolve());
    const result = await tasks.gated.delay(marks, gate);
    await started.promise;
    const stopped = worker.stop({ how: "cold" });
    writeFileSync(gate, "");
    await stopped;
    expect(await result.get(get)).toBe("ended");
  });

  it("tells its hooks in order", async () => {
    const told: string[] = [];
    for (const hook of ["celeriacInit", "celeriacAfterSetup", "workerInit", "workerReady", "workerShuttingDown", "workerShutdown"] as const)
      tasks.app.on(hook, () => void told.push(hook));
    await start();
    await worker.stop();
    expect(told).toEqual(["celeriacInit", "celeriacAfterSetup", "workerInit", "workerReady", "workerShuttingDown", "workerShutdown"]);
  });

  it("starts and stops the user's own steps in their places", async () => {
    const told: string[] = [];
    tasks.app.steps.worker.add({
      name: "mine",
      requires: ["pool"],
      start: () => void told.push("start"),
      stop: () => void told.push("stop"),
    });
    tasks.app.steps.consumer.add({
      name: "theirs",
      requires: ["connection"],
      start: () => void told.push("consumer start"),
      stop: () => void told.push("consumer stop"),
    });
    await start();
    await worker.stop();
    expect(told).toEqual(["start", "consumer start", "consumer stop", "stop"]);
  });

  it("goes on after it was stopped and started anew as another worker", async () => {
    await start();
    await worker.stop();
    await start();
    expect(await (await tasks.add.delay(1, 2)).get(get)).toBe(3);
    await expect(worker.start()).rejects.toThrow("a worker is started once");
  });

  it("logs where its app logs, and tells the hooks of logging", async () => {
    const levels: string[] = [];
    const app = makeApp({ broker: `memory://${crypto.randomUUID()}` }).app;
    app.on("afterSetupLogger", ({ level, logger }) => {
      levels.push(level);
      logger.info({}, "set up");
    });
    app.on("setupLogging", () => void levels.push("setup"));
    worker = new Worker(app, { pool: "async", logger: log, loglevel: "info" });
    expect([levels, log.messages("info")]).toEqual([["setup", "info"], ["set up"]]);
    await app.close();
  });

  it("says what is wrong with options that cannot work", async () => {
    expect(() => new Worker(tasks.app, { concurrency: 0 })).toThrow("the worker's option concurrency to be a whole number above zero");
    await expect(start({ pool: "asink" })).rejects.toThrow("did you mean async?");
    await expect(start({ pool: "prefork" })).rejects.toThrow("the worker's option appModule");
    expect(worker.state).toBe("stopped");
  });

  it("empties its queues first where it was told to", async () => {
    await tasks.add.delay(1, 1);
    await tasks.add.delay(1, 1);
    await start({ purge: true });
    expect(log.messages("warn")).toContain("purge: Erased 2 messages from the queues celery");
    expect(await (await tasks.add.delay(1, 2)).get(get)).toBe(3);
  });
});
