import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Chapter: connections are opened and closed in good order. */
export function lifecycleChapter(suite: BrokerSuite): void {
  suite.describe("lifecycle", () => {
    suite.it("names its scheme and its capabilities, which cannot be changed", () => {
      assert.match(suite.driver.name, /^[a-z][a-z0-9+.-]*$/);
      assert.ok(Object.isFrozen(suite.driver.capabilities), "expected the driver's capabilities to be frozen");
      for (const [flag, value] of Object.entries(suite.driver.capabilities)) assert.equal(typeof value, "boolean", flag);
    });
    suite.it("closes twice without harm, at once and one after the other", async () => {
      const connection = await suite.connect();
      await Promise.all([connection.close(), connection.close()]);
      await connection.close();
    });
    suite.it("does not report a connection that was closed as lost", async () => {
      const lost: Error[] = [];
      const { url, options = {} } = suite.harness();
      const connection = await suite.driver.open({ url, options, onLost: (error) => lost.push(error) });
      await connection.close();
      const other = await suite.connect();
      await suite.settleDown(other);
      assert.deepEqual(lost, []);
    });
    suite.it("reports a connection that was lost, once", async () => {
      if (!suite.canCrash("reports a connection that was lost, once")) return;
      const lost: Error[] = [];
      const { url, options = {}, crash } = suite.harness();
      const connection = await suite.driver.open({ url, options, onLost: (error) => lost.push(error) });
      await crash?.call(suite.harness(), connection);
      await suite.eventually(() => lost.length > 0, "the report of the lost connection");
      assert.ok(lost[0] instanceof Error);
      await connection.close();
      assert.equal(lost.length, 1);
    });
    suite.it("keeps what is in durable queues while nobody is connected", async () => {
      const first = await suite.connect();
      await first.declareQueue({ name: "kept" });
      await first.publish([toQueue("kept", "still here")]);
      await first.close();
      const second = await suite.connect();
      assert.equal((await second.queueInfo("kept"))?.messages, 1);
      assert.equal(textOf(await second.get("kept")), "still here");
    });
    suite.it("shows one connection what another declared and published", async () => {
      const [first, second] = [await suite.connect(), await suite.connect()];
      await first.declareQueue({ name: "q" });
      const collector = await suite.collect(second, ["q"]);
      await first.publish([toQueue("q", "hello")]);
      await collector.take(1);
      assert.deepEqual(collector.bodies(), ["hello"]);
    });
    suite.it("has published what was given to it before it was closed", async () => {
      const first = await suite.connect();
      await first.declareQueue({ name: "q" });
      const published = first.publish([toQueue("q", "just in time")]);
      const closed = first.close();
      await Promise.all([published, closed]);
      const second = await suite.connect();
      assert.equal((await second.queueInfo("q"))?.messages, 1);
    });
  });
}
