// A worker whose connection to the broker is lost: only its consumer is built anew, and what runs goes on.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBrokerDriver as createMemory } from "../../src/brokers/memory/index.ts";
import { createBrokerDriver as createSqlite } from "../../src/brokers/sqlite/index.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import { createDeferred } from "../../src/util/deferred.ts";
import { Worker } from "../../src/worker/worker.ts";
import { breakable, type BreakableBroker } from "../support/breakable-broker.ts";
import { CollectingLogger } from "../support/collecting-logger.ts";
import { makeApp } from "../support/worker-tasks.ts";

let tasks: ReturnType<typeof makeApp>;
let worker: Worker;
let log: CollectingLogger;
let folder: string;
let broker: BreakableBroker;
const get = { timeout: 10 } as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-worker-"));
  log = new CollectingLogger();
});

afterEach(async () => {
  await worker.stop();
  await tasks.app.close();
  await broker.cleanUp();
  rmSync(folder, { recursive: true });
});

/** Sleeps end when the test says so, so that nothing waits for time. */
function steppedClock(): Clock & { readonly sleeps: number[]; wake(): void } {
  const sleeps: number[] = [];
  let wake = createDeferred();
  return {
    ...systemClock,
    sleeps,
    sleep(ms) {
      sleeps.push(ms);
      return wake.promise;
    },
    wake() {
      wake.resolve();
      wake = createDeferred();
    },
  };
}

async function start(kind: "memory" | "sqlite", settings: Readonly<Record<string, unknown>> = {}, clock?: Clock): Promise<void> {
  broker = breakable(kind === "memory" ? createMemory() : createSqlite());
  const url = kind === "memory" ? `memory://${crypto.randomUUID()}` : `sqlite://${join(folder, "test.db")}`;
  // Results go by a connection of their own, and publishing too: what is broken is what the worker reads from.
  tasks = makeApp(
    { broker: url, backend: `memory://${crypto.randomUUID()}`, ...settings },
    {
      memory: async () => ({ createBrokerDriver: () => broker.driver }),
      sqlite: async () => ({ createBrokerDriver: () => broker.driver }),
    },
  );
  worker = new Worker(tasks.app, { pool: "async", logger: log, ...(clock ? { clock } : {}) });
  await worker.start();
}

it("consumes again after its connection was lost, with its user's steps started anew", async () => {
  const started: number[] = [];
  broker = breakable(createMemory());
  tasks = makeApp({ broker: `memory://${crypto.randomUUID()}` }, { memory: async () => ({ createBrokerDriver: () => broker.driver }) });
  tasks.app.steps.consumer.add({ name: "mine", requires: ["connection"], start: () => void started.push(broker.opened) });
  worker = new Worker(tasks.app, { pool: "async", logger: log });
  await worker.start();
  expect(await (await tasks.add.delay(1, 1)).get(get)).toBe(2);
  const opened = broker.opened;
  broker.breakAll();
  await log.line(/consumer: Connected to .* again/);
  expect(await (await tasks.add.delay(2, 2)).get(get)).toBe(4);
  expect(log.messages("warn")).toContainEqual(
    expect.stringContaining("Connection to broker lost. Trying to re-establish the connection..."),
  );
  expect([started.length, broker.opened > opened, worker.state]).toEqual([2, true, "running"]);
});

it("acknowledges by the new connection what came by the old one, where deliveries survive it", async () => {
  const [marks, gate] = [join(folder, "marks"), join(folder, "gate")];
  await start("sqlite");
  const running = createDeferred();
  tasks.app.on("taskPrerun", () => running.resolve());
  const result = await tasks.gated.delay(marks, gate);
  await running.promise;
  broker.breakAll();
  await log.line(/consumer: Connected to .* again/);
  writeFileSync(gate, "");
  expect(await result.get(get)).toBe("ended");
  await worker.stop();
  expect(readFileSync(marks, "utf8").trim().split("\n")).toHaveLength(2);
  expect((await (await tasks.app.connections.broker("read")).queueInfo("celery"))?.messages).toBe(0);
  expect(existsSync(gate)).toBe(true);
});

it("waits longer between tries, says so, and ends with exit code 1 when they are used up", async () => {
  const clock = steppedClock();
  await start("memory", { brokerConnectionMaxRetries: 2 }, clock);
  broker.refusing = true;
  broker.breakAll();
  await log.line(/Trying again in 2\.00 seconds\.\.\. \(1\/2\)/);
  clock.wake();
  await log.line(/Trying again in 4\.00 seconds\.\.\. \(2\/2\)/);
  clock.wake();
  const end = await worker.stopped;
  expect([end.exitCode, clock.sleeps]).toEqual([1, [2000, 4000]]);
  expect(String(end.error)).toMatch(/gave up connecting to the broker at memory:.*connection refused/);
});

it("ends with exit code 1 at a lost connection where it shall not try again", async () => {
  await start("memory", { brokerConnectionRetry: false });
  broker.breakAll();
  expect((await worker.stopped).exitCode).toBe(1);
});

it("stops while it waits for a connection", async () => {
  await start("memory", {});
  broker.refusing = true;
  broker.breakAll();
  await log.line(/Trying again in 2\.00 seconds/);
  await worker.stop();
  expect(await worker.stopped).toEqual({ exitCode: 0 });
});
