import { describe, expect, it } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createBackendDriver } from "./index.ts";

const entry = (taskId: string, expiresMs: number | null = null) => ({ taskId, status: "SUCCESS", document: "x", expiresMs });

describe("the backend in memory", () => {
  it("is one store for each URL in the whole process, whichever driver opened it and whatever its query", async () => {
    const [one, two] = [createBackendDriver(), createBackendDriver()];
    const [a, b, other] = await Promise.all([
      one.open({ url: "memory://same", options: {} }),
      two.open({ url: "memory://same?option=1", options: {} }),
      two.open({ url: "memory://other", options: {} }),
    ]);
    await a.store([entry("t")]);
    expect((await b.get(["t"])).size).toBe(1);
    expect((await other.get(["t"])).size).toBe(0);
    await Promise.all([a.close(), b.close(), other.close()]);
  });
  it("goes with its last connection", async () => {
    const driver = createBackendDriver();
    const first = await driver.open({ url: "memory://gone", options: {} });
    const second = await driver.open({ url: "memory://gone", options: {} });
    await first.store([entry("t")]);
    await first.close();
    await first.close();
    expect((await second.get(["t"])).size).toBe(1);
    await second.close();
    const third = await driver.open({ url: "memory://gone", options: {} });
    expect((await third.get(["t"])).size).toBe(0);
    await third.close();
  });
  it("frees what has expired though nobody asks for it", async () => {
    const clock = new FakeClock();
    const connection = await createBackendDriver().open({ url: "memory://sweep", options: { clock } });
    await connection.store([entry("a", 1000), entry("b", 1000)]);
    clock.advanceNow(60_000);
    await connection.store([entry("c", 1000)]);
    clock.advanceNow(2000);
    expect(await connection.cleanup()).toBe(1);
    await connection.close();
  });
  it("refuses another scheme and an option that is no clock", async () => {
    await expect(createBackendDriver().open({ url: "redis://x", options: {} })).rejects.toThrow("expected memory:// or memory://name");
    await expect(createBackendDriver().open({ url: "memory://x", options: { clock: "noon" } })).rejects.toThrow(
      "expected its option clock to be a Clock",
    );
  });
});
