import assert from "node:assert/strict";
import { type BackendSuite, entry, read, textOf } from "./backend-suite.ts";

/** Long against what a slow machine needs between two calls, short enough to be waited for where the clock cannot be moved. */
const SHORT_MS = 1500;
const LONG_MS = 3_600_000;

/** Chapter: documents leave when their time has come, by themselves or by `cleanup`. */
export function expiryChapter(suite: BackendSuite): void {
  const gone = (id: string): Promise<void> => {
    const sweeps = !suite.driver.capabilities.expiry;
    return suite.eventually(async () => {
      if (sweeps) await suite.connection().cleanup();
      return (await read(suite.connection(), id)) === undefined;
    }, `the removal of the expired document ${id}`);
  };
  suite.describe("expiry", () => {
    suite.it("removes a document after its time and keeps the others", async () => {
      await suite
        .connection()
        .store([entry("short", "SUCCESS", "x", SHORT_MS), entry("long", "SUCCESS", "y", LONG_MS), entry("ever", "SUCCESS", "z")]);
      assert.equal(await read(suite.connection(), "short"), "x");
      await suite.pass(SHORT_MS + 10);
      await gone("short");
      assert.equal(await read(suite.connection(), "long"), "y");
      assert.equal(await read(suite.connection(), "ever"), "z");
    });
    suite.it("counts the time from the last write", async () => {
      await suite.connection().store([entry("a", "STARTED", "first", SHORT_MS)]);
      await suite.pass(SHORT_MS / 2);
      await suite.connection().store([entry("a", "FAILURE", "second", LONG_MS)]);
      await suite.pass(SHORT_MS);
      await suite.connection().cleanup();
      assert.equal(await read(suite.connection(), "a"), "second");
    });
    suite.it("keeps for ever what a later write says to keep for ever", async () => {
      await suite.connection().store([entry("a", "STARTED", "first", SHORT_MS)]);
      await suite.connection().store([entry("a", "FAILURE", "second", null)]);
      await suite.pass(SHORT_MS + 10);
      await suite.connection().cleanup();
      assert.equal(await read(suite.connection(), "a"), "second");
    });
    suite.it("lets an expired SUCCESS be stored anew with any state", async () => {
      await suite.connection().store([entry("a", "SUCCESS", "first", SHORT_MS)]);
      await suite.pass(SHORT_MS + 10);
      await gone("a");
      await suite.connection().store([entry("a", "STARTED", "second")]);
      assert.equal(await read(suite.connection(), "a"), "second");
    });
    suite.it("removes an expired group", async () => {
      await suite.connection().saveGroup("g", "x", SHORT_MS);
      await suite.connection().saveGroup("ever", "y", null);
      assert.equal(textOf(await suite.connection().getGroup("g")), "x");
      await suite.pass(SHORT_MS + 10);
      await suite.eventually(async () => {
        if (!suite.driver.capabilities.expiry) await suite.connection().cleanup();
        return (await suite.connection().getGroup("g")) === undefined;
      }, "the removal of the expired group");
      assert.equal(textOf(await suite.connection().getGroup("ever")), "y");
    });
  });
}
