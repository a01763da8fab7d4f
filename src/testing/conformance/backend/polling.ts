import assert from "node:assert/strict";
import { type BackendSuite, entry, textOf } from "./backend-suite.ts";

/** Chapter: waiting by asking again and again, which works on every store; and that a store which cannot push does not claim to. */
export function pollingChapter(suite: BackendSuite): void {
  suite.describe("polling", () => {
    suite.it("sees the states of many tasks go forward until all have ended", async () => {
      const [connection, other] = [suite.connection(), await suite.connect()];
      const ids = Array.from({ length: 20 }, (_, i) => `t${i}`);
      const work = (async () => {
        for (const status of ["STARTED", "PROGRESS", "SUCCESS"]) for (const id of ids) await other.store([entry(id, status, status)]);
      })();
      const order = ["STARTED", "PROGRESS", "SUCCESS"];
      const seen = new Map<string, number>();
      await suite.eventually(async () => {
        const found = await connection.get(ids);
        for (const [id, document] of found) {
          const rank = order.indexOf(textOf(document) ?? "");
          assert.ok(rank >= (seen.get(id) ?? -1), `the state of ${id} went back to ${order[rank]}`);
          seen.set(id, rank);
        }
        return ids.every((id) => seen.get(id) === order.length - 1);
      }, "the end of all tasks");
      await work;
    });
    suite.itWhere("push", false, "it can tell of documents", "has no watch where it cannot push", async () => {
      assert.equal(suite.connection().watch, undefined);
    });
  });
}
