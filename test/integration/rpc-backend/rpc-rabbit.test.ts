// Results as messages over RabbitMQ, beside Python's Celery: each side sends tasks that the other executes, and gets their results by `rpc://`.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Worker } from "../../../src/worker/worker.ts";
import { CollectingLogger } from "../../support/collecting-logger.ts";
import { pythonCelery, runPython } from "../../support/services/python-celery.ts";
import { amqpUrl } from "../../support/services/rabbit.ts";
import { makeApp } from "../../support/worker-tasks.ts";

const APP = `
import sys
from celery import Celery
app = Celery("peer", broker="__URL__", backend="rpc://")
app.conf.update(task_default_queue="__QUEUE__", worker_hijack_root_logger=False, task_track_started=True)
@app.task(name="py.add")
def add(x, y): return x + y
@app.task(name="py.boom")
def boom(): raise ValueError("from python", 3)
`;

let folder: string;
let queue: string;
let tasks: ReturnType<typeof makeApp>;
let worker: Worker | undefined;
let python: ChildProcess | undefined;

const source = (): string => APP.replace("__URL__", amqpUrl()).replace("__QUEUE__", queue);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "celeriac-rpc-"));
  queue = `celeriac-rpc-${randomUUID()}`;
  tasks = makeApp({ broker: amqpUrl(), resultBackend: "rpc://", taskDefaultQueue: queue });
});

afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  if (python !== undefined) {
    const ended = new Promise((resolve) => python?.once("close", resolve));
    python.kill("SIGTERM");
    await ended;
    python = undefined;
  }
  const broker = await tasks.app.connections.broker("write");
  await broker.deleteQueue(queue);
  await tasks.app.close();
  rmSync(folder, { recursive: true });
});

async function startPython(): Promise<void> {
  writeFileSync(path.join(folder, "peer.py"), source());
  const args = [
    "-m",
    "celery",
    "-A",
    "peer",
    "worker",
    "-P",
    "solo",
    "-l",
    "info",
    "--without-gossip",
    "--without-mingle",
    "-n",
    `rpc-${randomUUID()}@test`,
  ];
  python = spawn(pythonCelery(), args, { cwd: folder, env: { ...process.env, C_FORCE_ROOT: "1" }, stdio: ["ignore", "ignore", "pipe"] });
  const lines = createInterface({ input: python.stderr ?? process.stdin });
  const printed: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      printed.push(line);
      if (line.endsWith("ready.")) resolve();
    });
    lines.once("close", () => reject(new Error(`the Python worker ended: ${printed.join("\n")}`)));
  });
}

describe("rpc:// over RabbitMQ", () => {
  it("brings results of a Python worker", async () => {
    await startPython();
    const result = await tasks.app.sendTask("py.add", [2, 3]);
    expect(await result.get({ timeout: 20 })).toBe(5);
    const failed = await tasks.app.sendTask("py.boom");
    await expect(failed.get({ timeout: 20 })).rejects.toMatchObject({ message: expect.stringContaining("from python") as string });
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => tasks.app.sendTask("py.add", [i, i])));
    expect(await Promise.all(many.map((one) => one.get({ timeout: 20 })))).toEqual(many.map((_, i) => i + i));
  });

  it("brings results of our worker to Python", async () => {
    worker = new Worker(tasks.app, { pool: "async", hostname: `rpc-${randomUUID()}@test`, logger: new CollectingLogger() });
    await worker.start();
    const printed = await runPython(`${source()}
import json, time
deadline = time.time() + 20
# Polling before anything was waited for: afterwards Python's own consumer holds what polling looks for.
result = app.send_task("t.add", (1, 1))
while not result.ready() and time.time() < deadline: pass
out = [[result.state, result.result]]
out.append(app.send_task("t.add", (2, 3)).get(timeout=20))
try: app.send_task("t.boom", ("broken",)).get(timeout=20)
except TypeError as error: out.append(str(error))
results = [app.send_task("t.add", (i, 1)) for i in range(50)]
out.append(sum(result.get(timeout=20) for result in results))
print(json.dumps(out))`);
    expect(JSON.parse(printed)).toEqual([["SUCCESS", 2], 5, "broken", 1275]);
  });
});
