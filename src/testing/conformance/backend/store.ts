import assert from "node:assert/strict";
import { type BackendSuite, entry, read } from "./backend-suite.ts";

/** Chapter: what was stored can be read. */
export function storeChapter(suite: BackendSuite): void {
  suite.describe("store and get", () => {
    suite.it("reads back a document as soon as storing it has resolved", async () => {
      await suite.connection().store([entry("a", "SUCCESS", '{"status":"SUCCESS"}')]);
      assert.equal(await read(suite.connection(), "a"), '{"status":"SUCCESS"}');
    });
    suite.it("knows nothing of a task that was never stored", async () => {
      const found = await suite.connection().get(["unknown"]);
      assert.equal(found.size, 0);
      assert.equal(found.has("unknown"), false);
    });
    suite.it("stores many documents in one call", async () => {
      await suite.connection().store([entry("a"), entry("b", "FAILURE"), entry("c", "STARTED")]);
      assert.equal(await read(suite.connection(), "a"), "a SUCCESS");
      assert.equal(await read(suite.connection(), "b"), "b FAILURE");
      assert.equal(await read(suite.connection(), "c"), "c STARTED");
    });
    suite.it("accepts an empty list", async () => {
      await suite.connection().store([]);
      assert.equal((await suite.connection().get([])).size, 0);
    });
    suite.it("keeps the last of several documents of one task in one call", async () => {
      await suite.connection().store([entry("a", "STARTED"), entry("a", "PROGRESS"), entry("a", "FAILURE")]);
      assert.equal(await read(suite.connection(), "a"), "a FAILURE");
    });
    suite.it("resolves calls of one turn each with its own document readable", async () => {
      const ids = Array.from({ length: 50 }, (_, i) => `t${i}`);
      await Promise.all(
        ids.map(async (id) => {
          await suite.connection().store([entry(id)]);
          assert.equal(await read(suite.connection(), id), `${id} SUCCESS`);
        }),
      );
    });
    suite.it("keeps apart ids that differ only in case, in a blank or in an accent", async () => {
      const ids = ["Task", "task", "task ", "tâsk", "ta\u0302sk", "task%", "task_", "task:1"];
      await suite.connection().store(ids.map((id) => entry(id)));
      const found = await suite.connection().get(ids);
      assert.equal(found.size, ids.length);
      for (const id of ids) assert.equal(await read(suite.connection(), id), `${id} SUCCESS`);
    });
    suite.it("keeps a document that looks like an instruction to the store", async () => {
      const id = "x'; DROP TABLE results; --";
      await suite.connection().store([entry(id), entry("__proto__"), entry("constructor")]);
      assert.equal(await read(suite.connection(), id), `${id} SUCCESS`);
      assert.equal(await read(suite.connection(), "__proto__"), "__proto__ SUCCESS");
      assert.equal(await read(suite.connection(), "constructor"), "constructor SUCCESS");
      assert.equal((await suite.connection().get(["toString"])).size, 0);
    });
  });
}
