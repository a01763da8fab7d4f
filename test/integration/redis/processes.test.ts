// Leases between processes: what a dead one held comes back, what a living one holds does not, and what Python's hold is left alone until its time.
import { deepEqual, equal, ok } from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, it } from "vitest";
import type { Delivery, DriverConnection } from "../../../src/broker/contract.ts";
import { until } from "../../support/until.ts";
import type { HolderReport, HolderRequest } from "./holder.ts";
import { Namespace, textOf, toQueue } from "./namespace.ts";

const LEASE_MS = 900;
const OPTIONS = { lease: `${LEASE_MS}ms` };

let space: Namespace;
let children: ChildProcess[] = [];

beforeEach(() => {
  space = new Namespace();
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }
  children = [];
  await space.close();
});

/** A process that holds what it gets. */
function startHolder(queue: string): {
  readonly child: ChildProcess;
  next(kind: HolderReport["kind"], count?: number): Promise<readonly HolderReport[]>;
  send(request: HolderRequest): void;
} {
  const child = fork(new URL("./holder.ts", import.meta.url), [space.url, queue, JSON.stringify(space.options(OPTIONS))], { execArgv: [] });
  children.push(child);
  const reports: HolderReport[] = [];
  child.on("message", (report: HolderReport) => reports.push(report));
  return {
    child,
    next: async (kind, count = 1) => {
      await until(`${count} reports "${kind}" of the holder`, () => reports.filter((report) => report.kind === kind).length >= count);
      return reports.filter((report) => report.kind === kind);
    },
    send: (request) => void child.send(request),
  };
}

/** A consumer of this process that remembers. */
async function collect(connection: DriverConnection, queue: string): Promise<Delivery[]> {
  const got: Delivery[] = [];
  await connection.consume({ queues: [queue], prefetch: 0, onDeliveries: (batch) => void got.push(...batch) });
  return got;
}

describe("a process of ours that holds messages", () => {
  it("has them taken over after its lease when it is killed, each with one death, in their order", async () => {
    const connection = await space.connect(OPTIONS);
    await connection.declareQueue({ name: "q" });
    await connection.publish(["1", "2", "3"].map((body) => toQueue("q", body)));
    const holder = startHolder("q");
    await holder.next("got", 3);
    const got = await collect(connection, "q");
    holder.child.kill("SIGKILL");
    await until("the return of three messages", () => got.length === 3);
    deepEqual(got.map(textOf), ["1", "2", "3"]);
    for (const { deaths, redelivered } of got) deepEqual([deaths, redelivered], [{ child: 0, worker: 1 }, true]);
    deepEqual(await Promise.all(got.map(({ tag }) => connection.settle(tag, { kind: "ack" }))), [true, true, true]);
    equal(await space.client.exists(space.key("unacked"), space.key("unacked_index")), 0);
  });

  it("keeps them while a task blocks its event loop for three leases", async () => {
    const connection = await space.connect(OPTIONS);
    await connection.declareQueue({ name: "q" });
    await connection.publish([toQueue("q", "1")]);
    const holder = startHolder("q");
    await holder.next("got");
    const got = await collect(connection, "q");
    holder.send({ kind: "block", ms: 3 * LEASE_MS });
    await holder.next("blocked");
    holder.send({ kind: "settle" });
    const [report] = await holder.next("settled");
    deepEqual(report, { kind: "settled", ours: [true] });
    equal(got.length, 0);
  });

  it("harms nothing when it was paused past its lease and wakes", async () => {
    const connection = await space.connect(OPTIONS);
    await connection.declareQueue({ name: "q" });
    await connection.publish([toQueue("q", "1")]);
    const holder = startHolder("q");
    await holder.next("got");
    holder.child.kill("SIGSTOP");
    const got = await collect(connection, "q");
    await until("the return of the message", () => got.length === 1);
    holder.child.kill("SIGCONT");
    holder.send({ kind: "settle" });
    const [report] = await holder.next("settled");
    deepEqual(report, { kind: "settled", ours: [false] });
    equal(await connection.settle(got[0]?.tag ?? "", { kind: "ack" }), true);
  });

  it("loses the queues that were its own", async () => {
    const connection = await space.connect(OPTIONS);
    await connection.declareQueue({ name: "auto", autoDelete: true });
    const holder = startHolder("auto");
    await until("the consumer", async () => (await connection.queueInfo("auto"))?.consumers === 1);
    holder.child.kill("SIGKILL");
    await connection.declareQueue({ name: "other" });
    await collect(connection, "other");
    await until("the end of the queue with autoDelete", async () => (await connection.queueInfo("auto")) === undefined);
  });
});

describe("an entry of Python's", () => {
  it("stays where it is before the visibility timeout, whatever our lease, and is restored after it", async () => {
    const connection = await space.connect({ ...OPTIONS, visibility_timeout: 60 });
    await connection.declareQueue({ name: "q" });
    await connection.publish([toQueue("q", "theirs")]);
    const envelope = (await space.client.rpop(space.key("q"))) ?? "";
    const put = async (secondsAgo: number): Promise<void> => {
      await space.client.hset(space.key("unacked"), "a-tag-of-kombu", `[${envelope}, "", "q"]`);
      await space.client.zadd(space.key("unacked_index"), Date.now() / 1000 - secondsAgo, "a-tag-of-kombu");
    };
    await put(50);
    const got = await collect(connection, "q");
    // Something of ours that is restored in the same sweep: so there was one.
    await space.client.zadd(space.key("celeriac.owners"), 1, "dead");
    await space.client.hset(space.key("unacked"), "celeriac:dead:0:1", `[${envelope}, "", "q"]`);
    await space.client.zadd(space.key("unacked_index"), Date.now() / 1000, "celeriac:dead:0:1");
    await until("the restoring of ours", () => got.length === 1);
    equal(await space.client.hexists(space.key("unacked"), "a-tag-of-kombu"), 1);
    await put(61);
    await until("the restoring of theirs", () => got.length === 2);
    const theirs = got[1];
    ok(theirs);
    deepEqual([textOf(theirs), theirs.redelivered, theirs.deaths], ["theirs", true, { child: 0, worker: 0 }]);
  });
});
