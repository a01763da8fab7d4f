import { describe, expect, it } from "vitest";
import { CeleriacApp } from "../app/celeriac.ts";
import { drivers } from "../drivers.ts";
import { FakeClock } from "./fake-clock.ts";
import { startWorker } from "./start-worker.ts";
import { keepInMemory, testAppsWith } from "./test-app.ts";

const createTestApp = testAppsWith(drivers);

describe("createTestApp", () => {
  it("shares nothing with another test app of the same name", async () => {
    await using one = createTestApp("shop");
    await using other = createTestApp("shop");
    await one.sendTask("shop.nothing");
    const queue = one.conf.taskDefaultQueue;
    expect((await (await one.connections.broker("read")).queueInfo(queue))?.messages).toBe(1);
    expect(await (await other.connections.broker("read")).queueInfo(queue)).toBeUndefined();
  });

  it("takes settings", async () => {
    await using app = createTestApp("shop", { taskDefaultQueue: "orders" });
    expect(app.conf.taskDefaultQueue).toBe("orders");
  });

  it("does not look at the environment", async () => {
    process.env["CELERY_BROKER_URL"] = "sqlite:///nowhere/at/all.db";
    try {
      await using app = createTestApp();
      expect(app.connections.brokerUrl("write")).toMatch(/^memory:/);
    } finally {
      delete process.env["CELERY_BROKER_URL"];
    }
  });

  it("keeps delayed tasks until the test moves its clock", async () => {
    const clock = new FakeClock();
    await using app = createTestApp("shop", {}, { clock });
    const add = app.task("shop.add", (x: number, y: number) => x + y);
    await using _worker = await startWorker(app);
    const result = await add.applyAsync([2, 3], { countdown: "1h" });
    await clock.advance(59 * 60_000);
    expect(await result.state()).toBe("PENDING");
    await clock.advance(60_000);
    expect(await result.get()).toBe(5);
  });
});

describe("keepInMemory", () => {
  it("moves an app to memory, whatever its settings and the environment say", async () => {
    const env = { CELERY_BROKER_URL: "sqlite:///nowhere/at/all.db", CELERY_RESULT_BACKEND: "sqlite:///nowhere/at/all.db" };
    await using app = new CeleriacApp("shop", { brokerReadUrl: "sqlite://read.db", brokerWriteUrl: "sqlite://write.db" }, { drivers, env });
    const add = app.task("shop.add", (x: number, y: number) => x + y);
    keepInMemory(app);
    await using _worker = await startWorker(app);
    expect(await (await add.delay(2, 3)).get({ timeout: "10s" })).toBe(5);
  });
});
