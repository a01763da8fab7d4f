import { describe, expect, it } from "vitest";
import { drivers } from "../drivers.ts";
import { eager } from "./eager.ts";
import { nextHook } from "./next-hook.ts";
import { testAppsWith } from "./test-app.ts";

const createTestApp = testAppsWith(drivers);

describe("nextHook", () => {
  it("resolves with what happens next and passes the conditions", async () => {
    await using app = createTestApp();
    const echo = app.task("test.echo", (value: number) => value);
    const other = app.task("test.other", (value: number) => value);
    using _eager = eager(app);
    const second = nextHook(app, "taskSuccess", { sender: "test.echo", where: ({ result }) => result === 2 });
    await other.delay(2);
    await echo.delay(1);
    await echo.delay(2);
    expect(await second).toMatchObject({ sender: "test.echo", result: 2 });
  });

  it("leaves no handler behind", async () => {
    await using app = createTestApp();
    const next = nextHook(app, "beforeTaskPublish");
    await app.sendTask("test.any");
    await next;
    expect(app.hooks.has("beforeTaskPublish")).toBe(false);
  });

  it("says what did not happen in time", async () => {
    await using app = createTestApp();
    await expect(nextHook(app, "taskSuccess", { sender: "test.echo", timeout: "5ms" })).rejects.toThrow(
      'expected the hook taskSuccess from "test.echo" to be called within 0.005 s, and it was not',
    );
    expect(app.hooks.has("taskSuccess")).toBe(false);
  });
});
