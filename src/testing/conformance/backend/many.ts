import assert from "node:assert/strict";
import { type BackendSuite, entry, textOf } from "./backend-suite.ts";

/** Chapter: reading many documents at once. */
export function manyChapter(suite: BackendSuite): void {
  suite.describe("reading many", () => {
    suite.it("gives exactly those that have a document", async () => {
      await suite.connection().store([entry("a"), entry("c", "FAILURE"), entry("other")]);
      const found = await suite.connection().get(["a", "b", "c"]);
      assert.deepEqual([...found.keys()].sort(), ["a", "c"]);
      assert.equal(textOf(found.get("a")), "a SUCCESS");
      assert.equal(textOf(found.get("c")), "c FAILURE");
    });
    suite.it("accepts an id that is named twice", async () => {
      await suite.connection().store([entry("a")]);
      const found = await suite.connection().get(["a", "a", "b", "b"]);
      assert.deepEqual([...found.keys()], ["a"]);
    });
    suite.it("gives nothing for no ids", async () => {
      await suite.connection().store([entry("a")]);
      assert.equal((await suite.connection().get([])).size, 0);
    });
    suite.it("reads 5,000 documents, and as many ids that have none, in one call", async () => {
      const ids = Array.from({ length: 5000 }, (_, i) => `task-${i}`);
      await suite.connection().store(ids.map((id) => entry(id)));
      const found = await suite.connection().get([...ids, ...ids.map((id) => `no-${id}`)]);
      assert.equal(found.size, 5000);
      for (const id of ids) assert.equal(textOf(found.get(id)), `${id} SUCCESS`);
    });
  });
}
