// Workers are killed and connections cut while messages are worked on: every message is worked on at least once, and what comes twice is counted.
import { deepEqual, ok } from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, it } from "vitest";
import { until } from "../../support/until.ts";
import { startPrivateRedis } from "../../support/services/private-redis.ts";
import type { PrivateRedis } from "../../support/services/start-redis.ts";
import { Broker } from "../../../src/broker/broker.ts";
import { createBrokerDriver } from "../../../src/brokers/redis/index.ts";
import { Redis } from "ioredis";
import { toQueue } from "./namespace.ts";

const MESSAGES = 1500;
const KILLS = 8;
const OPTIONS = { lease: "700ms" };

let server: PrivateRedis;
let client: Redis;
let workers: ChildProcess[] = [];

beforeEach(async () => {
  server = await startPrivateRedis({ durable: true });
  client = new Redis(server.url);
  client.on("error", () => {}); // it is cut off with the others
});
afterEach(async () => {
  await Promise.all(workers.map(kill));
  workers = [];
  client.disconnect();
  await server.close();
});

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, "exit");
  worker.kill("SIGKILL");
  await exited;
}

async function startWorker(): Promise<void> {
  const worker = fork(new URL("./storm-worker.ts", import.meta.url), [`${server.url}/0`, JSON.stringify(OPTIONS), "done"], {
    execArgv: [],
  });
  workers.push(worker);
  await once(worker, "message");
}

describe("a storm of kills and cuts", () => {
  it("loses no message", async () => {
    await using broker = new Broker(createBrokerDriver(), { url: `${server.url}/0`, transportOptions: OPTIONS });
    await broker.declare({ name: "q" });
    await Promise.all([startWorker(), startWorker(), startWorker()]);
    const bodies = Array.from({ length: MESSAGES }, (_, i) => `${i}`);
    await broker.publishMany(bodies.map((body) => toQueue("q", body)));
    for (let i = 1; i <= KILLS; i++) {
      await until(`the work before kill ${i}`, async () => (await client.llen("done")) >= (MESSAGES * i) / (KILLS + 2));
      const [victim] = workers.splice(0, 1);
      ok(victim);
      await kill(victim);
      await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await startWorker();
    }
    await until("the end of all messages", async () => new Set(await client.lrange("done", 0, -1)).size === MESSAGES);
    const done = await client.lrange("done", 0, -1);
    deepEqual([...new Set(done)].toSorted(), bodies.toSorted());
    process.stderr.write(`kill storm: ${MESSAGES} messages, ${KILLS} kills and cuts, ${done.length - MESSAGES} worked on twice\n`);
    await until("the end of all bookkeeping", async () => (await client.exists("unacked", "unacked_index", "q")) === 0).catch(
      async (error: unknown) => {
        const left = {
          unacked: await client.hkeys("unacked"),
          owners: await client.zrange("celeriac.owners", "0", "-1"),
          waiting: await client.llen("q"),
        };
        throw new Error(`left: ${JSON.stringify(left)}`, { cause: error });
      },
    );
  }, 60_000);
});
