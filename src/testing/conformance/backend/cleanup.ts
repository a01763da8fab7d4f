import assert from "node:assert/strict";
import { type BackendSuite, entry } from "./backend-suite.ts";

const SHORT_MS = 1500;

/** Chapter: `cleanup` removes what has expired, and says how much. */
export function cleanupChapter(suite: BackendSuite): void {
  suite.describe("cleanup", () => {
    suite.it("removes nothing where nothing has expired", async () => {
      await suite.connection().store([entry("a", "SUCCESS", "x", 3_600_000), entry("b")]);
      assert.equal(await suite.connection().cleanup(), 0);
      assert.equal((await suite.connection().get(["a", "b"])).size, 2);
    });
    suite.it("resolves to a number however much has expired, and keeps the rest", async () => {
      await suite.connection().store([entry("a", "SUCCESS", "x", SHORT_MS), entry("b")]);
      await suite.pass(SHORT_MS + 10);
      const removed = await suite.connection().cleanup();
      assert.ok(Number.isInteger(removed) && removed >= 0, `expected cleanup to resolve to how many it removed, got: ${removed}`);
      await suite.eventually(async () => (await suite.connection().get(["a"])).size === 0, "the removal of the expired document");
      assert.equal((await suite.connection().get(["b"])).size, 1);
    });
    suite.itWhere(
      "expiry",
      false,
      "its store removes expired documents itself, so that none may be left to count",
      "counts the documents that it removed",
      async () => {
        await suite.connection().store(Array.from({ length: 250 }, (_, i) => entry(`t${i}`, "SUCCESS", "x", i < 200 ? SHORT_MS : null)));
        await suite.pass(SHORT_MS + 10);
        assert.equal(await suite.connection().cleanup(), 200);
        assert.equal(await suite.connection().cleanup(), 0);
      },
    );
  });
}
