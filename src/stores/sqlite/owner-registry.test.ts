import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireStore, type StoreLease } from "./acquire-store.ts";
import { Heartbeat } from "./heartbeat.ts";
import { leaseRange } from "./lease-number.ts";
import { HEARTBEAT_PATIENCE_MS, type OwnerRegistry } from "./owner-registry.ts";
import { ownIdentity } from "./process-identity.ts";

let folder: string;
let lease: StoreLease;
let owners: OwnerRegistry;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-owners-"));
  lease = await acquireStore(join(folder, "celeriac.db"));
  owners = lease.store.owners;
});
afterEach(async () => {
  await lease.release();
  rmSync(folder, { recursive: true });
});

const addOwner = (values: Record<string, string | number>): number => {
  const row = { host: "elsewhere", boot: "theirs", namespace: "pid:[1]", pid: 1, started: "1", heartbeat: 100, ...values };
  const sql = "INSERT INTO owners (host, boot, namespace, pid, started, heartbeat) VALUES (?, ?, ?, ?, ?, ?) RETURNING id";
  const got = lease.store.prepare(sql).get(row.host, row.boot, row.namespace, row.pid, row.started, row.heartbeat) as unknown as [number];
  return got[0];
};

describe("OwnerRegistry", () => {
  it("registers a process once, and anew after another took it for dead", () => {
    const first = owners.ensure(1);
    expect(owners.ensure(2)).toBe(first);
    owners.remove(first);
    const second = owners.ensure(3);
    expect(second).not.toBe(first);
    expect([...owners.mine]).toEqual([first, second]);
  });
  it("never gives the same lease twice, and all of an owner within its range", () => {
    const [first, last] = leaseRange(owners.ensure(1));
    const [a, b] = [owners.nextLease(), owners.nextLease()];
    expect(a).not.toBe(b);
    for (const one of [a, b]) expect(one >= first && one <= last).toBe(true);
    expect(leaseRange(owners.ensure(1) + 1)[0]).toBe(last + 1);
  });
  it("does not take itself for dead", () => {
    owners.ensure(1);
    expect(owners.findDead()).toEqual([]);
  });
  it("judges an owner that it cannot see by a heartbeat that stands still, in its own time", () => {
    const id = addOwner({});
    expect(owners.findDead(0)).toEqual([]);
    expect(owners.findDead(HEARTBEAT_PATIENCE_MS)).toEqual([]);
    expect(owners.findDead(HEARTBEAT_PATIENCE_MS + 1)).toEqual([id]);
  });
  it("leaves an owner alone whose heartbeat goes on, whatever its clock says", () => {
    const id = addOwner({ heartbeat: 5 });
    for (let at = 0; at < 10; at++) {
      expect(owners.findDead(at * HEARTBEAT_PATIENCE_MS)).toEqual([]);
      lease.store.prepare("UPDATE owners SET heartbeat = ? WHERE id = ?").run(at % 2 === 0 ? at * 1e12 : -at, id);
    }
  });
  it("finds another registry's process alive while it is this very process", () => {
    owners.ensure(1);
    lease.store.prepare("UPDATE owners SET heartbeat = 0").run();
    const seen = lease.store.prepare("SELECT count(*) FROM owners").get();
    expect(seen).toEqual([1]);
    expect(owners.findDead(1e9)).toEqual([]);
  });
  it("gives back uncounted what a process holds that leaves", async () => {
    const { store } = lease;
    await store.write(() => {
      const owner = owners.ensure(1);
      store.prepare("INSERT INTO messages (queue, priority, lease) VALUES (1, 0, ?)").run(owners.nextLease());
      store.prepare("INSERT INTO consumers (queue, owner) VALUES (1, ?)").run(owner);
    });
    await lease.release();
    lease = await acquireStore(store.path);
    owners = lease.store.owners;
    expect(lease.store.prepare("SELECT lease, redelivered, worker_deaths FROM messages").all()).toEqual([[null, 1, 0]]);
    expect(lease.store.prepare("SELECT (SELECT count(*) FROM owners) + (SELECT count(*) FROM consumers)").get()).toEqual([0]);
  });
  it("renews its heartbeat from a thread while the event loop is blocked", async () => {
    const { store } = lease;
    await store.write(() => owners.ensure(1));
    const { pid, started, namespace } = ownIdentity();
    const heartbeat = new Heartbeat();
    heartbeat.start({ path: store.path, pid, started, namespace, intervalMs: 5 });
    const beat = (): unknown => store.prepare("SELECT heartbeat FROM owners").get();
    for (const deadline = performance.now() + 10_000; performance.now() < deadline && JSON.stringify(beat()) === "[1]";); // blocked on purpose
    expect(beat()).not.toEqual([1]);
    await heartbeat.stop();
  });
  it("refuses to number leases of a process that has not registered", () => {
    expect(() => owners.nextLease()).toThrow(/before the process registered/);
  });
});
