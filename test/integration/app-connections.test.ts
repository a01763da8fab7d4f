// Which broker and backend an app comes to use.
import { describe, expect, it } from "vitest";
import { bodyOf, take, temporarySqlite, testApp } from "../support/app.ts";

describe("the broker", () => {
  it("is one where reading and writing have the same URL, and two where not", async () => {
    const same = testApp();
    expect(await same.brokerForRead()).toBe(await same.brokerForWrite());
    const split = testApp({ broker: "memory://x", brokerReadUrl: "memory://split-read", brokerWriteUrl: "memory://split-write" });
    expect(await split.brokerForRead()).not.toBe(await split.brokerForWrite());
    await split.task("t", (x: number) => x).delay(1);
    expect(await (await split.brokerForRead()).queueInfo("celery")).toBeUndefined();
    expect(await (await split.brokerForWrite()).queueInfo("celery")).toMatchObject({ messages: 1 });
  });

  it("is a SQLite file where none is named, and the environment's where that names one", () => {
    expect(testApp({ broker: undefined }).connections.brokerUrl("read")).toBe("sqlite://celeriac.db");
    expect(testApp({ broker: "memory://given" }).connections.brokerUrl("write")).toBe("memory://given");
  });

  it("of an unknown scheme is refused with the nearest and the known ones, passwords hidden", async () => {
    const app = testApp({ broker: "sqlit://user:secret@host/x" });
    const refusal = app.task("t", (x: number) => x).delay(1);
    await expect(refusal).rejects.toMatchObject({ code: "CELERIAC_BROKER_URL" });
    const { message } = (await refusal.catch((error: unknown) => error)) as Error;
    expect(message).toContain("no driver is known for sqlit://; did you mean sqlite://?");
    expect(message).toContain("memory://, sqlite://");
    expect(message).not.toContain("secret");
    await expect(testApp({ broker: "constructor://x" }).brokerForRead()).rejects.toMatchObject({ code: "CELERIAC_BROKER_URL" });
    await expect(testApp({ backend: "redis+x://:secret@h" }).backend()).rejects.toMatchObject({ code: "CELERIAC_BACKEND_URL" });
  });

  it("keeps messages in a file for another app", async () => {
    const broker = temporarySqlite();
    const [sender, reader] = [testApp({ broker }), testApp({ broker })];
    await sender.task("t", (x: number) => x).applyAsync([7], { countdown: 0, priority: 3 });
    const delivery = await take(reader);
    expect(bodyOf(delivery)).toEqual([[7], {}, null]);
    expect(delivery).toMatchObject({ headers: { task: "t" }, properties: { priority: 3 } });
  });

  it("is not used after the app was closed", async () => {
    const app = testApp();
    const t = app.task("t", (x: number) => x);
    await t.delay(1);
    await app.close();
    await expect(t.delay(1)).rejects.toThrow("the app shop, which is closed");
    await expect(app.AsyncResult("x").get()).rejects.toThrow("which is closed");
  });
});

describe("the backend", () => {
  it("is the broker's own where it can keep results", async () => {
    const broker = temporarySqlite();
    const app = testApp({ broker });
    expect(app.connections.backendUrl()).toBe(broker);
    expect((await app.backend()).capabilities).toMatchObject({ persistent: true });
    expect(testApp({ backend: "memory://r" }).connections.backendUrl()).toBe("memory://r");
    expect(testApp({ broker: "amqp://x" }).connections.backendUrl()).toBeNull();
  });
});

describe("a report", () => {
  it("has versions, URLs without passwords, and the settings that were given", () => {
    const text = testApp({ broker: "sqlite://u:secret@x.db", resultBackend: "memory://r", taskTrackStarted: true }).bugreport();
    expect(text).toContain(`node:${process.versions.node}`);
    expect(text).toContain("taskTrackStarted: true");
    expect(text).not.toContain("secret");
  });
});
