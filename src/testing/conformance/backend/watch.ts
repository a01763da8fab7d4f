// Chapter: being told of documents when they are stored. Telling is at least once for the newest document; whoever watches before reading misses nothing.
import assert from "node:assert/strict";
import type { BackendConnection, Document, Watch } from "../../../backend/contract.ts";
import { type BackendSuite, bytesOf, entry, read, textOf } from "./backend-suite.ts";

const REASON = "its store cannot tell of documents, so that waiting polls";

/** What a watch told, in its order. */
class Told {
  readonly all: (readonly [taskId: string, document: string | undefined])[] = [];
  readonly onDocument = (taskId: string, document: Document): void => {
    this.all.push([taskId, textOf(document)]);
  };

  last(taskId: string): string | undefined {
    return this.all.findLast(([id]) => id === taskId)?.[1];
  }

  has(taskId: string): boolean {
    return this.all.some(([id]) => id === taskId);
  }
}

function watch(connection: BackendConnection, ids: readonly string[], told: Told): Promise<Watch> {
  return connection.watch?.(ids, told.onDocument) ?? assert.fail("the capability push is true, but the connection has no watch()");
}

/** Waits until a document that was stored last of all was told: whatever was to be told before it has been told. */
async function settle(suite: BackendSuite, ongoing: Watch, told: Told, by: BackendConnection): Promise<void> {
  const id = `barrier-${told.all.length}-${Math.random()}`;
  await ongoing.add([id]);
  await by.store([entry(id)]);
  await suite.eventually(() => told.has(id), "telling of the last document");
}

/** Chapter: pushing. */
export function watchChapter(suite: BackendSuite): void {
  suite.describe("watch", () => {
    const test = (title: string, run: () => Promise<void>): void => suite.itWhere("push", true, REASON, title, run);
    test("tells of a document that is stored on the same connection", async () => {
      const told = new Told();
      await watch(suite.connection(), ["a"], told);
      await suite.connection().store([entry("a", "SUCCESS", "the document")]);
      await suite.eventually(() => told.has("a"), "telling of a");
      assert.equal(told.last("a"), "the document");
    });
    test("tells of a document that is stored on another connection", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      await watch(suite.connection(), ["a"], told);
      await other.store([entry("a")]);
      await suite.eventually(() => told.last("a") === "a SUCCESS", "telling of a");
    });
    test("tells of the newest of many documents of one task", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      await watch(suite.connection(), ["a"], told);
      for (let i = 0; i < 100; i++) await other.store([entry("a", "PROGRESS", `step ${i}`)]);
      await other.store([entry("a", "SUCCESS", "end")]);
      await suite.eventually(() => told.last("a") === "end", "telling of the newest document");
    });
    test("tells documents of one task in the order in which they were stored", async () => {
      const told = new Told();
      await watch(suite.connection(), ["a"], told);
      for (let i = 0; i < 100; i++) await suite.connection().store([entry("a", "PROGRESS", String(i))]);
      await suite.eventually(() => told.last("a") === "99", "telling of the newest document");
      const numbers = told.all.map(([, document]) => Number(document));
      assert.deepEqual(
        numbers,
        [...numbers].sort((x, y) => x - y),
      );
    });
    test("tells nothing of tasks that are not watched", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      const ongoing = await watch(suite.connection(), ["a"], told);
      await other.store([entry("b"), entry("A"), entry("a2")]);
      await settle(suite, ongoing, told, other);
      assert.deepEqual(
        told.all.filter(([id]) => !id.startsWith("barrier")),
        [],
      );
    });
    test("tells nothing that was refused because SUCCESS stood", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      const ongoing = await watch(suite.connection(), ["a"], told);
      await other.store([entry("a", "SUCCESS", "kept")]);
      await other.store([entry("a", "FAILURE", "refused")]);
      await settle(suite, ongoing, told, other);
      assert.ok(told.has("a"), "expected the SUCCESS to be told");
      assert.deepEqual(
        told.all.filter(([id, document]) => id === "a" && document !== "kept"),
        [],
      );
    });
    test("misses nothing that is stored between watching and reading", async () => {
      const other = await suite.connect();
      for (let i = 0; i < 50; i++) {
        const [id, told] = [`t${i}`, new Told()];
        const stored = other.store([entry(id)]);
        const ongoing = await watch(suite.connection(), [id], told);
        const there = (await read(suite.connection(), id)) !== undefined;
        await stored;
        await suite.eventually(() => there || told.has(id), `${id} to be read or told`);
        ongoing.close();
      }
    });
    test("tells of binary documents as they are", async () => {
      let document: Document | undefined;
      const bytes = Uint8Array.from([0, 200, 255, 10]);
      await suite.connection().watch?.(["a"], (_, got) => (document = got));
      await suite.connection().store([entry("a", "SUCCESS", bytes)]);
      await suite.eventually(() => document !== undefined, "telling of a");
      assert.deepEqual(bytesOf(document), Buffer.from(bytes));
    });
    test("tells of what is added later", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      const ongoing = await watch(suite.connection(), [], told);
      await ongoing.add(["a", "b"]);
      await other.store([entry("a"), entry("b")]);
      await suite.eventually(() => told.has("a") && told.has("b"), "telling of a and b");
    });
    test("tells no more of what is removed, and goes on with the rest", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      const ongoing = await watch(suite.connection(), ["a", "b"], told);
      ongoing.remove(["a", "unknown"]);
      await other.store([entry("a"), entry("b")]);
      await settle(suite, ongoing, told, other);
      assert.equal(told.has("a"), false);
      assert.equal(told.last("b"), "b SUCCESS");
    });
    test("tells again of what was removed and added again", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      const ongoing = await watch(suite.connection(), ["a"], told);
      ongoing.remove(["a"]);
      await ongoing.add(["a"]);
      await other.store([entry("a")]);
      await suite.eventually(() => told.has("a"), "telling of a");
    });
    test("tells nothing after it was closed; closing twice is safe", async () => {
      const [told, still, other] = [new Told(), new Told(), await suite.connect()];
      const ended = await watch(suite.connection(), ["a"], told);
      const ongoing = await watch(suite.connection(), ["a"], still);
      ended.close();
      ended.close();
      await other.store([entry("a")]);
      await settle(suite, ongoing, still, other);
      assert.equal(still.has("a"), true);
      assert.deepEqual(told.all, []);
    });
    test("tells every watch of the same task", async () => {
      const tolds = Array.from({ length: 5 }, () => new Told());
      for (const told of tolds) await watch(suite.connection(), ["a"], told);
      await suite.connection().store([entry("a")]);
      await suite.eventually(() => tolds.every((told) => told.has("a")), "telling of a on five watches");
    });
    test("lets the one told remove, add and close", async () => {
      const [other, told] = [await suite.connect(), new Told()];
      const ongoing: Watch =
        (await suite.connection().watch?.(["a", "b"], (taskId, document) => {
          told.onDocument(taskId, document);
          ongoing.remove([taskId]);
          if (taskId === "b") ongoing.close();
        })) ?? assert.fail("no watch");
      await other.store([entry("a", "STARTED")]);
      await suite.eventually(() => told.has("a"), "telling of a");
      await other.store([entry("a"), entry("b")]);
      await suite.eventually(() => told.has("b"), "telling of b");
      assert.equal(told.last("a"), "a STARTED");
    });
    test("watches 10,000 tasks at once", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      const ids = Array.from({ length: 10_000 }, (_, i) => `task-${i}`);
      const ongoing = await watch(suite.connection(), ids.slice(0, 5000), told);
      await ongoing.add(ids.slice(5000));
      await other.store(ids.map((id) => entry(id)));
      await suite.eventually(() => new Set(told.all.map(([id]) => id)).size === ids.length, "telling of 10,000 documents");
      ongoing.remove(ids);
      ongoing.close();
    });
    test("goes on when another connection of the store is closed", async () => {
      const [told, other] = [new Told(), await suite.connect()];
      await watch(other, ["a"], new Told());
      await watch(suite.connection(), ["a"], told);
      await other.close();
      await suite.connection().store([entry("a")]);
      await suite.eventually(() => told.has("a"), "telling of a");
    });
    test("tells nothing after its connection was closed", async () => {
      const [told, still, other] = [new Told(), new Told(), await suite.connect()];
      await watch(other, ["a"], told);
      const ongoing = await watch(suite.connection(), ["a"], still);
      await other.close();
      await suite.connection().store([entry("a")]);
      await settle(suite, ongoing, still, suite.connection());
      assert.deepEqual(told.all, []);
    });
  });
}
