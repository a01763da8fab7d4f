import { describe, expect, it } from "vitest";
import { drivers } from "../drivers.ts";
import { eager } from "./eager.ts";
import { testAppsWith } from "./test-app.ts";

const createTestApp = testAppsWith(drivers);

describe("eager", () => {
  it("executes calls where they are made, and only until the end of the block", async () => {
    await using app = createTestApp();
    const add = app.task("test.add", (x: number, y: number) => x + y);
    {
      using _eager = eager(app);
      const result = await add.delay(2, 3);
      expect(await result.state()).toBe("SUCCESS");
      expect(await result.get()).toBe(5);
    }
    expect(await (await add.delay(2, 3)).state()).toBe("PENDING");
  });

  it("lets the result throw what the task threw, and the call itself where it propagates", async () => {
    await using app = createTestApp();
    const fail = app.task("test.fail", () => {
      throw new RangeError("no");
    });
    {
      using _eager = eager(app);
      const result = await fail.delay();
      await expect(result.get()).rejects.toThrow(RangeError);
    }
    {
      using _eager = eager(app, { propagates: true });
      await expect(fail.delay()).rejects.toThrow(RangeError);
    }
  });

  it("runs retries at once", async () => {
    await using app = createTestApp();
    const flaky = app.task("test.flaky", { autoretryFor: [Error], maxRetries: 2, defaultRetryDelay: "1h" }, function () {
      if (this.request.retries < 2) throw new Error("not yet");
      return this.request.retries;
    });
    using _eager = eager(app);
    expect(await (await flaky.delay()).get()).toBe(2);
  });
});
