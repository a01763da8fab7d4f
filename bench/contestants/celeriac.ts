// Celeriac: what is measured is the built package. `celeriac.ts WORKLOAD BROKER-URL TASKS`
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMicros, ownCpuMicros, payload, type Payload, quantile, report } from "../measure.ts";

const [workload = "", broker = "memory://bench", count = "0"] = process.argv.slice(2);
const tasks = Number(count);
process.env["BENCH_BROKER"] = broker;
const counts = mkdtempSync(path.join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "celeriac-bench-"));
if (workload === "drain-prefork") process.env["BENCH_COUNTS"] = counts;
const { app, noop, echo, executed } = await import("./celeriac-tasks.ts");
const { Worker } = await import("../../dist/exports/worker.js");
const contestant = `celeriac ${broker.split(":")[0]}`;
const appModule = new URL("./celeriac-tasks.ts", import.meta.url).href;

const workloads: Record<string, () => Promise<void>> = {
  async "enqueue-one"() {
    const stop = watch();
    for (let i = 0; i < tasks; i++) await noop.delay(payload(i));
    stop();
  },
  async "enqueue-100"() {
    const stop = watch();
    for (let i = 0; i < tasks; i += 100) await Promise.all(Array.from({ length: 100 }, (_, k) => noop.delay(payload(i + k))));
    stop();
  },
  async "enqueue-bulk"() {
    await noop.delay(payload(0));
    const stop = watch();
    await preload(tasks);
    stop();
  },
  async drain() {
    await preload(tasks);
    await drain("async");
  },
  /** Never more than a thousand wait: another process sends the next when the last thousand has run. Only the worker's CPU counts. */
  async "drain-1k"() {
    const producer = spawn(process.execPath, [process.argv[1] ?? "", "produce", broker], { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise((resolve) => producer.stdout.once("data", resolve));
    const { seconds, cpu } = await drainInProcess(
      tasks,
      true,
      (n) => n % 1000 === 0 && n < tasks && producer.stdin.write("1000\n"),
      () => void producer.stdin.write("1000\n"),
    );
    producer.stdin.end();
    await new Promise((resolve) => producer.once("exit", resolve));
    report({ contestant, workload, tasks, seconds, rate: tasks / seconds, cpuMicros: cpu / tasks });
  },
  /** Sends as many as each line of its standard input says. */
  async produce() {
    console.log("ready");
    for await (const line of createInterface({ input: process.stdin })) await preload(Number(line));
  },
  async "drain-100k"() {
    await preload(100_000);
    const { seconds, cpu } = await drainInProcess(tasks, false);
    report({ contestant, workload, tasks, seconds, rate: tasks / seconds, cpuMicros: cpu / tasks });
  },
  async "drain-prefork"() {
    await preload(tasks);
    await drain("prefork");
  },
  async latency() {
    const worker = spawn(process.execPath, [process.argv[1] ?? "", "worker", broker], { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise((resolve) => worker.stdout.once("data", resolve));
    for (let i = 0; i < 50; i++) await (await echo.delay(i)).get({ timeout: "10s" });
    const stop = watch();
    const milliseconds: number[] = [];
    for (let i = 0; i < tasks; i++) {
      const startedAt = performance.now();
      await (await echo.delay(i)).get({ timeout: "10s" });
      milliseconds.push(performance.now() - startedAt);
    }
    stop({ p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) });
    worker.stdin.end();
    await new Promise((resolve) => worker.once("exit", resolve));
  },
  async memory() {
    const worker = new Worker(app, { pool: "async", concurrency: 100, loglevel: "error" });
    await worker.start();
    const heapAfter: number[] = [];
    for (let round = 1; round <= 5; round++) {
      const target = (round * tasks) / 5;
      const reached = new Promise<void>((resolve) => (executed.onCount = (n) => n === target && resolve()));
      await preload(tasks / 5);
      await reached;
      globalThis.gc?.();
      heapAfter.push(Math.round(process.memoryUsage().heapUsed / 1024));
    }
    await worker.stop();
    report({
      contestant,
      workload,
      tasks,
      seconds: 0,
      rate: 0,
      cpuMicros: 0,
      heapKiB: heapAfter,
      rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    });
  },
  /** The worker of the latency workload; ends with its standard input. */
  async worker() {
    const worker = new Worker(app, { pool: "async", concurrency: 100, loglevel: "error" });
    await worker.start();
    console.log("ready");
    await new Promise((resolve) => process.stdin.once("end", resolve).resume());
    await worker.stop();
  },
};

await workloads[workload]?.();
await app.close();
rmSync(counts, { recursive: true });

async function preload(number: number): Promise<void> {
  for (let at = 0; at < number; at += 1000) {
    await noop.sendMany(Array.from({ length: Math.min(1000, number - at) }, (_, i): [Payload] => [payload(at + i)]));
  }
}

function watch(): (figures?: Record<string, number>) => void {
  const cpu = cpuMicros();
  const startedAt = performance.now();
  return (figures = {}) => {
    const seconds = (performance.now() - startedAt) / 1000;
    report({ contestant, workload, tasks, seconds, rate: tasks / seconds, cpuMicros: (cpuMicros() - cpu) / tasks, ...figures });
  };
}

async function drain(pool: "async" | "prefork"): Promise<void> {
  const { seconds, cpu } = pool === "async" ? await drainInProcess(tasks, true) : await drainByChildren();
  report({ contestant, workload, tasks, seconds, rate: tasks / seconds, cpuMicros: cpu / tasks });
}

/** From the first to the last executed. */
async function drainInProcess(
  number: number,
  toTheEnd: boolean,
  onCount = (_count: number): unknown => undefined,
  onReady = (): void => {},
): Promise<{ seconds: number; cpu: number }> {
  const worker = new Worker(app, { pool: "async", concurrency: 100, loglevel: "error" });
  const base = executed.count;
  let startedAt = 0;
  let cpu = 0;
  const finished = new Promise<{ seconds: number; cpu: number }>((resolve) => {
    executed.onCount = (n) => {
      onCount(n);
      if (n === base + 1) [startedAt, cpu] = [performance.now(), ownCpuMicros()];
      if (n === base + number) resolve({ seconds: (performance.now() - startedAt) / 1000, cpu: ownCpuMicros() - cpu });
    };
  });
  await worker.start();
  onReady();
  const figures = await finished;
  await worker.stop(toTheEnd ? {} : { how: "cold" });
  return figures;
}

/** The children count into files; the first change starts the watch. */
async function drainByChildren(): Promise<{ seconds: number; cpu: number }> {
  const worker = new Worker(app, { pool: "prefork", concurrency: 2, prefetchMultiplier: 64, appModule, loglevel: "error" });
  const starting = worker.start();
  while (counted() === 0) await sleep(1);
  const startedAt = performance.now();
  const [first, cpu] = [counted(), cpuMicros()];
  while (counted() < tasks) await sleep(10);
  const figures = {
    seconds: ((performance.now() - startedAt) / 1000) * (tasks / (tasks - first)),
    cpu: (cpuMicros() - cpu) * (tasks / (tasks - first)),
  };
  await starting;
  await worker.stop();
  return figures;
}

function counted(): number {
  return readdirSync(counts).reduce((sum, name) => sum + Number(readFileSync(path.join(counts, name), "utf8")), 0);
}
