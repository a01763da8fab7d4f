// Chapter: connections that are closed. Whatever was accepted before is done; whatever comes after is refused.
import assert from "node:assert/strict";
import type { BackendConnection } from "../../../backend/contract.ts";
import { type BackendSuite, entry, read, rejection } from "./backend-suite.ts";

const PART = { groupId: "g", taskId: "t", groupIndex: 0, status: "SUCCESS", result: "1" };

const OPERATIONS: Readonly<Record<string, (connection: BackendConnection) => Promise<unknown>>> = {
  store: (connection) => connection.store([entry("a")]),
  get: (connection) => connection.get(["a"]),
  forget: (connection) => connection.forget(["a"]),
  saveGroup: (connection) => connection.saveGroup("g", "x", null),
  getGroup: (connection) => connection.getGroup("g"),
  deleteGroup: (connection) => connection.deleteGroup("g"),
  setChordSize: (connection) => connection.setChordSize("g", 1, null),
  addChordPart: (connection) => connection.addChordPart(PART, null),
  chordParts: (connection) => connection.chordParts("g"),
  forgetChord: (connection) => connection.forgetChord("g"),
  cleanup: (connection) => connection.cleanup(),
};

/** Chapter: lifecycle. */
export function closedChapter(suite: BackendSuite): void {
  suite.describe("closing", () => {
    for (const [name, call] of Object.entries(OPERATIONS)) {
      suite.it(`rejects ${name} on a closed connection`, async () => {
        await suite.connection().close();
        await rejection(() => call(suite.connection()), name);
      });
      suite.it(`settles a ${name} that was called just before closing`, async () => {
        const called = call(suite.connection());
        const settled = called.then(
          () => undefined,
          () => undefined,
        );
        await suite.connection().close();
        await suite.within(settled, `the settling of ${name}`);
      });
    }
    suite.itWhere("push", true, "its store cannot tell of documents", "rejects watch on a closed connection", async () => {
      await suite.connection().close();
      await rejection(() => suite.connection().watch?.(["a"], () => {}) ?? assert.fail("the connection has no watch()"), "watch");
    });
    suite.itWhere("push", true, "its store cannot tell of documents", "lets a watch be closed after its connection was", async () => {
      const ongoing = await suite.connection().watch?.(["a"], () => {});
      await suite.connection().close();
      ongoing?.remove(["a"]);
      ongoing?.close();
    });
    suite.it("is safe to close twice, and twice at once", async () => {
      await Promise.all([suite.connection().close(), suite.connection().close()]);
      await suite.connection().close();
    });
    suite.it("has stored what was accepted before closing", async () => {
      const other = await suite.connect();
      const stored = Array.from({ length: 100 }, (_, i) => suite.connection().store([entry(`t${i}`)]));
      const outcomes = Promise.allSettled(stored);
      await suite.connection().close();
      for (const [i, outcome] of (await outcomes).entries()) {
        const found = await read(other, `t${i}`);
        if (outcome.status === "fulfilled") assert.equal(found, `t${i} SUCCESS`, "a store that resolved was expected to be kept");
      }
    });
    suite.it("can be opened and closed many times", async () => {
      for (let i = 0; i < 20; i++) {
        const connection = await suite.driver.open(suite.harness().params);
        await connection.store([entry(`t${i}`)]);
        await connection.close();
      }
      assert.equal(await read(suite.connection(), "t19"), "t19 SUCCESS");
    });
  });
}
