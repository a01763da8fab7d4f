import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { CeleriacApp } from "../../src/app/celeriac.ts";
import type { AppSettings } from "../../src/app/app-settings.ts";
import type { DriverTable } from "../../src/app/driver-table.ts";
import type { Delivery } from "../../src/broker/contract.ts";
import type { Clock } from "../../src/util/clock.ts";
import type { Logger } from "../../src/util/logger.ts";
import { embeddedDrivers } from "./driver-table.ts";

let count = 0;

/** An app on a memory broker of its own, or on what the settings say. It is closed when the test ends. */
export function testApp(
  settings: AppSettings = {},
  parts: { readonly drivers?: DriverTable; readonly clock?: Clock; readonly logger?: Logger } = {},
): CeleriacApp {
  const app = new CeleriacApp(
    "shop",
    { broker: `memory://test-${process.pid}-${count++}`, ...settings },
    { drivers: embeddedDrivers, env: {}, ...parts },
  );
  onTestFinished(() => app.close());
  return app;
}

/** The URL of a SQLite file in a folder of its own, which is removed when the test ends. */
export function temporarySqlite(): string {
  return `sqlite://${join(temporaryFolder(), "test.db")}`;
}

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "celeriac-app-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Takes one message from a queue. */
export async function take(app: CeleriacApp, queue = "celery"): Promise<Delivery> {
  const broker = await app.connections.broker("read");
  const delivery = await broker.get(queue, { noAck: true });
  if (delivery === undefined) throw new Error(`the queue ${queue} is empty`);
  return delivery;
}

/** The body of a task message. */
export function bodyOf(delivery: Delivery): unknown {
  return JSON.parse(typeof delivery.body === "string" ? delivery.body : new TextDecoder().decode(delivery.body));
}
