import assert from "node:assert/strict";
import { type BackendSuite, entry, read } from "./backend-suite.ts";

/** Chapter: many calls at once, on one connection and on several. */
export function concurrencyChapter(suite: BackendSuite): void {
  suite.describe("concurrency", () => {
    suite.it("stores 2,000 documents by as many calls of one turn", async () => {
      const ids = Array.from({ length: 2000 }, (_, i) => `t${i}`);
      await Promise.all(ids.map((id) => suite.connection().store([entry(id)])));
      assert.equal((await suite.connection().get(ids)).size, 2000);
    });
    suite.it("orders the writes of one connection to one task", async () => {
      const writes = Array.from({ length: 200 }, (_, i) => suite.connection().store([entry("a", "PROGRESS", String(i))]));
      await Promise.all(writes);
      assert.equal(await read(suite.connection(), "a"), "199");
    });
    suite.it("keeps to that order when a SUCCESS is among the writes", async () => {
      const writes = Array.from({ length: 100 }, (_, i) =>
        suite.connection().store([entry("a", i === 50 ? "SUCCESS" : "PROGRESS", String(i))]),
      );
      await Promise.all(writes);
      assert.equal(await read(suite.connection(), "a"), "50");
    });
    suite.it("survives stores, reads, removals and groups on four connections at once", async () => {
      const connections = [suite.connection(), await suite.connect(), await suite.connect(), await suite.connect()];
      await Promise.all(
        connections.map(async (connection, lane) => {
          for (let i = 0; i < 50; i++) {
            const id = `lane ${lane} task ${i}`;
            await connection.store([entry(id, "STARTED"), entry(`shared ${i}`, "SUCCESS", `by ${lane}`)]);
            await connection.store([entry(id)]);
            assert.equal(await read(connection, id), `${id} SUCCESS`);
            if (i % 2 === 0) await connection.forget([id]);
            await connection.saveGroup(`group ${i}`, String(lane), null);
          }
        }),
      );
      for (let i = 0; i < 50; i++) {
        assert.match((await read(suite.connection(), `shared ${i}`)) ?? "nothing", /^by [0-3]$/);
        for (let lane = 0; lane < 4; lane++)
          assert.equal((await read(suite.connection(), `lane ${lane} task ${i}`)) !== undefined, i % 2 === 1);
      }
    });
  });
}
