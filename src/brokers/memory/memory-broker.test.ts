import { deepEqual, equal, rejects } from "node:assert/strict";
import { describe, it } from "vitest";
import type { DriverConnection, MessageProperties, Publication } from "../../broker/contract.ts";
import { createBrokerDriver } from "./index.ts";

let count = 0;
const open = (url = `memory://unit-${++count}`): Promise<DriverConnection> =>
  createBrokerDriver().open({ url, options: {}, onLost: () => {} });
const to = (queue: string, body: string, properties: MessageProperties = {}): Publication => ({
  exchange: "",
  routingKey: queue,
  message: { body, contentType: "text/plain", contentEncoding: "utf-8", headers: {}, properties },
});

describe("the memory broker", () => {
  it("refuses a URL and options that it does not know, with a sentence", async () => {
    await rejects(open("mem://x"), { code: "CELERIAC_BROKER_URL", message: /expected memory:\/\/name/ });
    await rejects(createBrokerDriver().open({ url: "memory://x", options: { speed: 9 }, onLost: () => {} }), {
      code: "CELERIAC_BROKER_URL",
      message: /no options, got: speed/,
    });
  });

  it("shares queues between URLs that differ in their query only, and keeps those of other names apart", async () => {
    const [a, b, c] = [await open("memory://shared"), await open("memory://shared/?x=1"), await open("memory://other")];
    await a.declareQueue({ name: "q" });
    equal((await b.queueInfo("q"))?.messages, 0);
    equal(await c.queueInfo("q"), undefined);
    await a.deleteQueue("q");
    for (const connection of [a, b, c]) await connection.close();
  });

  it("takes messages out of a long queue in their order while some come back", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish(Array.from({ length: 5000 }, (_, i) => to("q", `${i}`)));
    const seen: string[] = [];
    for (let i = 0; seen.length < 5000; i++) {
      const [first, second] = [await connection.get("q"), await connection.get("q")];
      // Each third time both go back, the later one first: the next two are the same.
      const settlement = i % 3 === 0 ? ({ kind: "requeue" } as const) : ({ kind: "ack" } as const);
      for (const delivery of [second, first]) if (delivery) await connection.settle(delivery.tag, settlement);
      if (settlement.kind === "ack") seen.push(...[first, second].flatMap((delivery) => (delivery ? [String(delivery.body)] : [])));
    }
    deepEqual(
      seen,
      Array.from({ length: 5000 }, (_, i) => `${i}`),
    );
    await connection.deleteQueue("q");
    await connection.close();
  });

  it("moves rejected messages where the arguments of their queue say, with a history", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "graves" });
    await connection.declareQueue({ name: "q", arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "graves" } });
    await connection.publish([to("q", "1", { expirationMs: 60_000 })]);
    const delivery = await connection.get("q");
    await connection.settle(delivery?.tag ?? "", { kind: "reject" });
    const dead = await connection.get("graves");
    equal(dead?.body, "1");
    equal(dead?.properties.expirationMs, undefined);
    const [entry] = (dead?.headers["x-death"] ?? []) as readonly Record<string, unknown>[];
    deepEqual([entry?.["queue"], entry?.["reason"], entry?.["count"], entry?.["routing-keys"]], ["q", "rejected", 1, ["q"]]);
    await connection.deleteQueue("q");
    await connection.deleteQueue("graves");
    await connection.close();
  });

  it("lets timers run while a consumer drains a long queue", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish(Array.from({ length: 20_000 }, (_, i) => to("q", `${i}`)));
    let got = 0;
    let turns = 0;
    let draining = true;
    const onTurn = (): void => {
      turns++;
      if (draining) setImmediate(onTurn);
    };
    setImmediate(onTurn);
    await new Promise<void>((resolve) => {
      void connection.consume({
        queues: ["q"],
        prefetch: 100,
        onDeliveries: (batch) => {
          for (const { tag } of batch) void connection.settle(tag, { kind: "ack" });
          got += batch.length;
          if (got === 20_000) resolve();
        },
      });
    });
    draining = false;
    equal(turns > 100, true, `only ${turns} turns of the event loop in 200 batches`);
    await connection.deleteQueue("q");
    await connection.close();
  });
});
