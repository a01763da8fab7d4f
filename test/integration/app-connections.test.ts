// Which broker and backend an app comes to use.
import { describe, expect, it } from "vitest";
import { CollectingLogger } from "../support/collecting-logger.ts";
import { join } from "node:path";
import { bodyOf, take, temporaryFolder, temporarySqlite, testApp } from "../support/app.ts";

describe("the broker", () => {
  it("is one where reading and writing have the same URL, and two where not", async () => {
    const same = testApp();
    expect(await same.connections.broker("read")).toBe(await same.connections.broker("write"));
    const split = testApp({ broker: "memory://x", brokerReadUrl: "memory://split-read", brokerWriteUrl: "memory://split-write" });
    expect(await split.connections.broker("read")).not.toBe(await split.connections.broker("write"));
    await split.task("t", (x: number) => x).delay(1);
    expect(await (await split.connections.broker("read")).queueInfo("celery")).toBeUndefined();
    expect(await (await split.connections.broker("write")).queueInfo("celery")).toMatchObject({ messages: 1 });
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
    await expect(testApp({ broker: "constructor://x" }).connections.broker("read")).rejects.toMatchObject({ code: "CELERIAC_BROKER_URL" });
    await expect(testApp({ backend: "redis+x://:secret@h" }).connections.backend()).rejects.toMatchObject({ code: "CELERIAC_BACKEND_URL" });
  });

  it("says so where the result backend has an unknown scheme, although nothing waits for a result", async () => {
    const sending = testApp({ backend: "foo://x" })
      .task("t", (x: number) => x)
      .delay(1);
    await expect(sending).rejects.toMatchObject({ code: "CELERIAC_BACKEND_URL" });
  });

  it("asks for a URL where it was given a path", async () => {
    for (const path of ["./shop.db", "/tmp/shop", "shop.sqlite3"])
      await expect(testApp({ broker: path }).connections.broker("read")).rejects.toThrow(`for a SQLite file write sqlite://${path}`);
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

describe("several brokers", () => {
  it("are tried in order until one answers, given as a list or separated by semicolons", async () => {
    const second = temporarySqlite();
    const first = `sqlite://${join(temporaryFolder(), "no", "such", "folder.db")}`;
    const logger = new CollectingLogger();
    for (const broker of [[first, second], `${first};${second}`]) {
      const app = testApp({ broker, backend: "disabled" }, { logger });
      await app.task("t", (x: number) => x).delay(1);
      expect(bodyOf(await take(testApp({ broker: second })))).toEqual([[1], {}, null]);
    }
    expect(logger.messages("warn")[0]).toMatch(/cannot connect to the broker sqlite:.*folder\.db .*test\.db is tried next/);
  });

  it("must be of one kind", async () => {
    await expect(testApp({ broker: ["memory://a", "sqlite://b.db"] }).connections.broker("read")).rejects.toThrow(
      "the broker URL sqlite://b.db cannot be used: several URLs must be of one kind of broker, and the first is memory://",
    );
    await expect(testApp({ broker: ["memory://a", "memry://b"] }).connections.broker("read")).rejects.toThrow("did you mean memory://?");
  });
});

describe("the backend", () => {
  it("is the broker's own where it can keep results", async () => {
    const broker = temporarySqlite();
    const app = testApp({ broker });
    expect(app.connections.backendUrl()).toBe(broker);
    expect((await app.connections.backend()).capabilities).toMatchObject({ persistent: true });
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
