// Drivers of the user's own, beside the built-in ones.
import { expect, it, onTestFinished } from "vitest";
import type { AppSettings } from "../../src/app/app-settings.ts";
import type { BrokerDriverModule } from "../../src/app/driver-table.ts";
import { createBrokerDriver } from "../../src/brokers/memory/index.ts";
import { Celeriac, type CeleriacParts } from "../../src/celeriac.ts";
import { drivers } from "../../src/drivers.ts";

function app(settings: AppSettings, parts: CeleriacParts): Celeriac {
  const made = new Celeriac("shop", settings, { env: {}, ...parts });
  onTestFinished(() => made.close());
  return made;
}

it("are found by their scheme, and the built-in ones still are", async () => {
  const mine = async (): Promise<BrokerDriverModule> => ({
    createBrokerDriver(options) {
      const memory = createBrokerDriver(options);
      return { ...memory, name: "mine", open: (params) => memory.open({ ...params, url: "memory://mine" }) };
    },
  });
  const parts = { drivers: { brokers: { mine } } };
  const [own, builtIn] = [app({ broker: "mine://x", backend: "disabled" }, parts), app({ broker: "memory://built-in" }, parts)];
  await own.task("t", (x: number) => x).delay(1);
  expect(await (await own.connections.broker("read")).queueInfo("celery")).toMatchObject({ messages: 1 });
  expect((await builtIn.connections.backend()).enabled).toBe(true);
  expect([Object.keys(own.drivers.backends), own.drivers.pools]).toEqual([Object.keys(drivers.backends), drivers.pools]);
});

it("take the place of built-in ones of the same scheme", async () => {
  const wrong = async (): Promise<BrokerDriverModule> => {
    throw new Error("mine comes first");
  };
  await expect(app({ broker: "memory://x" }, { drivers: { brokers: { memory: wrong } } }).connections.broker("read")).rejects.toThrow(
    "mine comes first",
  );
});
