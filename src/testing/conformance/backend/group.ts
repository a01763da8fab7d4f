import assert from "node:assert/strict";
import { type BackendSuite, bytesOf, entry, read, textOf } from "./backend-suite.ts";

/** Chapter: saved groups. */
export function groupChapter(suite: BackendSuite): void {
  suite.describe("groups", () => {
    suite.it("gives back a saved group", async () => {
      await suite.connection().saveGroup("g", '{"result": [["g", null], []]}', null);
      assert.equal(textOf(await suite.connection().getGroup("g")), '{"result": [["g", null], []]}');
    });
    suite.it("gives back a binary group", async () => {
      const bytes = Uint8Array.from([0, 255, 128, 10]);
      await suite.connection().saveGroup("g", bytes, null);
      assert.deepEqual(bytesOf(await suite.connection().getGroup("g")), Buffer.from(bytes));
    });
    suite.it("knows nothing of a group that was not saved", async () => {
      assert.equal(await suite.connection().getGroup("unknown"), undefined);
    });
    suite.it("replaces a group that is saved again", async () => {
      await suite.connection().saveGroup("g", "first", null);
      await suite.connection().saveGroup("g", "second", null);
      assert.equal(textOf(await suite.connection().getGroup("g")), "second");
    });
    suite.it("deletes a group, and accepts one that is not there", async () => {
      await suite.connection().saveGroup("g", "x", null);
      await suite.connection().saveGroup("h", "y", null);
      await suite.connection().deleteGroup("g");
      await suite.connection().deleteGroup("g");
      assert.equal(await suite.connection().getGroup("g"), undefined);
      assert.equal(textOf(await suite.connection().getGroup("h")), "y");
    });
    suite.it("keeps a group and a task of the same id apart", async () => {
      await suite.connection().saveGroup("same", "group", null);
      await suite.connection().store([entry("same", "SUCCESS", "task")]);
      await suite.connection().deleteGroup("same");
      assert.equal(await read(suite.connection(), "same"), "task");
      assert.equal(await suite.connection().getGroup("same"), undefined);
    });
  });
}
