import assert from "node:assert/strict";
import { type BackendSuite, entry, read } from "./backend-suite.ts";

const OVERWRITABLE = ["PENDING", "RECEIVED", "STARTED", "RETRY", "FAILURE", "REVOKED", "REJECTED", "IGNORED", "PROGRESS"];

/** Chapter: which states may follow which. */
export function overwriteChapter(suite: BackendSuite): void {
  suite.describe("overwriting states", () => {
    for (const before of OVERWRITABLE) {
      suite.it(`replaces ${before} by any state`, async () => {
        for (const after of [...OVERWRITABLE, "SUCCESS"]) {
          const id = `${before}-${after}`;
          await suite.connection().store([entry(id, before, "old")]);
          await suite.connection().store([entry(id, after, "new")]);
          assert.equal(await read(suite.connection(), id), "new", `${before} was expected to be replaced by ${after}`);
        }
      });
    }
    suite.it("never replaces SUCCESS, not by another SUCCESS either", async () => {
      for (const after of [...OVERWRITABLE, "SUCCESS"]) {
        await suite.connection().store([entry(after, "SUCCESS", "kept")]);
        await suite.connection().store([entry(after, after, "late")]);
        assert.equal(await read(suite.connection(), after), "kept", `SUCCESS was expected to stand against ${after}`);
      }
    });
    suite.it("never replaces SUCCESS within one call", async () => {
      await suite.connection().store([entry("a", "STARTED"), entry("a", "SUCCESS"), entry("a", "FAILURE"), entry("b", "SUCCESS")]);
      assert.equal(await read(suite.connection(), "a"), "a SUCCESS");
      assert.equal(await read(suite.connection(), "b"), "b SUCCESS");
    });
    suite.it("never replaces SUCCESS by what is stored in the same turn", async () => {
      const connection = suite.connection();
      await Promise.all([
        connection.store([entry("a", "SUCCESS")]),
        connection.store([entry("a", "REVOKED")]),
        connection.store([entry("a", "RETRY")]),
      ]);
      assert.equal(await read(connection, "a"), "a SUCCESS");
    });
    suite.it("stores the other documents of a call in which SUCCESS stood against one", async () => {
      await suite.connection().store([entry("a")]);
      await suite.connection().store([entry("b", "FAILURE"), entry("a", "FAILURE"), entry("c", "FAILURE")]);
      assert.equal(await read(suite.connection(), "a"), "a SUCCESS");
      assert.equal(await read(suite.connection(), "b"), "b FAILURE");
      assert.equal(await read(suite.connection(), "c"), "c FAILURE");
    });
    suite.it("goes by the state and not by what the document says", async () => {
      await suite.connection().store([entry("a", "STARTED", '{"status": "SUCCESS"}')]);
      await suite.connection().store([entry("a", "FAILURE", "second")]);
      assert.equal(await read(suite.connection(), "a"), "second");
    });
    suite.it("stores any state again after SUCCESS was forgotten", async () => {
      await suite.connection().store([entry("a")]);
      await suite.connection().forget(["a"]);
      await suite.connection().store([entry("a", "STARTED")]);
      assert.equal(await read(suite.connection(), "a"), "a STARTED");
    });
  });
}
