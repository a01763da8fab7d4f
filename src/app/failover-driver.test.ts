import { describe, expect, it } from "vitest";
import type { BrokerDriver, OpenParams } from "../broker/contract.ts";
import { BrokerError, ConfigError } from "../errors/celeriac-error.ts";
import type { FailoverStrategy } from "../config/kinds.ts";
import { silentLogger } from "../util/logger.ts";
import { failoverDriver } from "./failover-driver.ts";

const urls = ["x://a?n=1", "x://b?n=2", "x://c"];
const opening: OpenParams = { url: "x://a;x://b", options: { whole: true }, onLost: () => {} };

/** A driver that notes what is opened, and fails where `fails` says why. */
function setUp(fails: (url: string) => Error | undefined, strategy: FailoverStrategy | null = null) {
  const opened: [string, unknown][] = [];
  const inner = {
    name: "x",
    capabilities: { deliveriesSurviveReconnect: true },
    async open({ url, options }: OpenParams) {
      opened.push([url, options]);
      const error = fails(url);
      if (error) throw error;
      return { url };
    },
  } as unknown as BrokerDriver;
  const driver = failoverDriver(inner, { urls, strategy, transportOptions: { n: 0, t: 5 }, logger: silentLogger, random: () => 0.99 });
  return { driver, opened, names: () => opened.map(([url]) => url.slice(4, 5)).join("") };
}

describe("several URLs of one kind of broker", () => {
  it("are opened with the options of each, and stay with the one that answered", async () => {
    let down = "x://a";
    const { driver, opened, names } = setUp((url) => (url.startsWith(down) ? new Error("down") : undefined));
    expect(await driver.open(opening)).toEqual({ url: "x://b?n=2" });
    expect(opened).toEqual([
      ["x://a?n=1", { n: "1", t: 5 }],
      ["x://b?n=2", { n: "2", t: 5 }],
    ]);
    await driver.open(opening);
    down = "x://b";
    await driver.open(opening);
    await driver.open(opening);
    expect(names()).toBe("abbbcc");
  });

  it("promise no more of a delivery than that it ends with its connection", () => {
    expect(setUp(() => undefined).driver.capabilities.deliveriesSurviveReconnect).toBe(false);
  });

  it("fail when each has failed once, with an error that may pass where there is one", async () => {
    const lasting = new ConfigError("CELERIAC_CONFIG_IMPROPER", { message: "wrong" });
    const passing = new BrokerError("CELERIAC_BROKER_UNAVAILABLE", { url: "x://b", reason: "down" });
    const { driver, names } = setUp((url) => (url.startsWith("x://b") ? passing : lasting));
    await expect(driver.open(opening)).rejects.toBe(passing);
    expect(names()).toBe("abc");
    await expect(driver.open(opening)).rejects.toBe(passing);
    expect(names()).toBe("abcabc");
  });

  it("are tried in another order where the setting brokerFailoverStrategy says so", async () => {
    const shuffled = setUp(() => new Error("down"), "shuffle");
    await expect(shuffled.driver.open(opening)).rejects.toThrow("down");
    expect(shuffled.names()).toBe("cba");
    const own = setUp(
      () => new Error("down"),
      function* backwards(given) {
        for (;;) yield* given.toReversed();
      },
    );
    await expect(own.driver.open(opening)).rejects.toThrow("down");
    expect(own.names()).toBe("cba");
    const ending = setUp(
      () => new Error("down"),
      (given) => given.slice(0, 1),
    );
    await expect(ending.driver.open(opening)).rejects.toThrow("brokerFailoverStrategy to give URLs without end, got: an end");
  });
});
