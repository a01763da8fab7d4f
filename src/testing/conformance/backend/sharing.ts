import assert from "node:assert/strict";
import { type BackendSuite, entry, read, textOf } from "./backend-suite.ts";

/** Chapter: connections to the same store see the same documents. */
export function sharingChapter(suite: BackendSuite): void {
  suite.describe("several connections", () => {
    suite.it("see what another stored, replaced and removed", async () => {
      const other = await suite.connect();
      await suite.connection().store([entry("a", "STARTED"), entry("b")]);
      assert.equal(await read(other, "a"), "a STARTED");
      await other.store([entry("a", "SUCCESS"), entry("b", "FAILURE")]);
      assert.equal(await read(suite.connection(), "a"), "a SUCCESS");
      assert.equal(await read(suite.connection(), "b"), "b SUCCESS");
      await other.forget(["a"]);
      assert.equal(await read(suite.connection(), "a"), undefined);
    });
    suite.it("see the groups that another saved", async () => {
      const other = await suite.connect();
      await suite.connection().saveGroup("g", "x", null);
      assert.equal(textOf(await other.getGroup("g")), "x");
      await other.deleteGroup("g");
      assert.equal(await suite.connection().getGroup("g"), undefined);
    });
    suite.it("go on when another is closed", async () => {
      const other = await suite.connect();
      await other.store([entry("a")]);
      await other.close();
      assert.equal(await read(suite.connection(), "a"), "a SUCCESS");
      await suite.connection().store([entry("b")]);
      assert.equal(await read(suite.connection(), "b"), "b SUCCESS");
    });
    suite.it("leave a SUCCESS standing when many connections store over it at once", async () => {
      const others = await Promise.all(Array.from({ length: 5 }, () => suite.connect()));
      await suite.connection().store([entry("a")]);
      await Promise.all(others.map((other, i) => other.store([entry("a", "FAILURE", `late ${i}`)])));
      assert.equal(await read(suite.connection(), "a"), "a SUCCESS");
    });
    suite.itWhere(
      "persistent",
      true,
      "its documents go with the process",
      "find the documents again after all of them were closed",
      async () => {
        await suite.connection().store([entry("a")]);
        await suite.connection().close();
        assert.equal(await read(await suite.connect(), "a"), "a SUCCESS");
      },
    );
  });
}
