import assert from "node:assert/strict";
import { type BackendSuite, entry, read, textOf } from "./backend-suite.ts";

/** Chapter: forgetting documents. */
export function forgetChapter(suite: BackendSuite): void {
  suite.describe("forget", () => {
    suite.it("removes the documents that are named and no others", async () => {
      await suite.connection().store([entry("a"), entry("b"), entry("c")]);
      await suite.connection().forget(["a", "c"]);
      const found = await suite.connection().get(["a", "b", "c"]);
      assert.deepEqual([...found.keys()], ["b"]);
    });
    suite.it("accepts ids that have no document, ids named twice, and no ids", async () => {
      await suite.connection().store([entry("a")]);
      await suite.connection().forget([]);
      await suite.connection().forget(["unknown", "unknown"]);
      assert.equal(await read(suite.connection(), "a"), "a SUCCESS");
    });
    suite.it("removes 5,000 documents in one call", async () => {
      const ids = Array.from({ length: 5000 }, (_, i) => `task-${i}`);
      await suite.connection().store([...ids.map((id) => entry(id)), entry("kept")]);
      await suite.connection().forget(ids);
      assert.deepEqual([...(await suite.connection().get([...ids, "kept"])).keys()], ["kept"]);
    });
    suite.it("leaves a group of the same id alone", async () => {
      await suite.connection().saveGroup("same", "group", null);
      await suite.connection().store([entry("same")]);
      await suite.connection().forget(["same"]);
      assert.equal(textOf(await suite.connection().getGroup("same")), "group");
    });
  });
}
