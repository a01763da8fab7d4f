// What is sent where Python programs read, against the messages that Celery sent for the same calls.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CeleriacApp } from "../../src/app/celeriac.ts";
import type { DriverTable } from "../../src/app/driver-table.ts";
import { chain } from "../../src/canvas/chain.ts";
import { parseIsoTime } from "../../src/util/iso-time.ts";
import { bodyOf, take, testApp } from "../support/app.ts";
import { embeddedDrivers } from "../support/driver-table.ts";

const ID = "11111111-1111-4111-8111-111111111111";

interface Envelope {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly delivery_info: { readonly exchange: string; readonly routing_key: string };
  };
  readonly "content-type": string;
  readonly "content-encoding": string;
}
interface Message {
  readonly key: string;
  readonly envelope: Envelope;
  readonly body: readonly [unknown, unknown, Readonly<Record<string, unknown>>];
}

/** Where Python programs read, and the broker cannot delay, as on Redis. */
const peers: DriverTable = {
  ...embeddedDrivers,
  brokers: {
    memory: async () => {
      const { createBrokerDriver } = await import("../../src/brokers/memory/index.ts");
      return {
        createBrokerDriver: (options) => {
          const driver = createBrokerDriver(options);
          return { ...driver, capabilities: { ...driver.capabilities, celeryPeers: true, delay: false, expiry: false } };
        },
      };
    },
  },
};

const tasks = (app: CeleriacApp) => ({
  add: app.remote<(x: number, y: number) => number>("tasks.add"),
  mul: app.remote<(x: number, y: number) => number>("tasks.mul"),
  echo: app.remote<(...args: unknown[]) => unknown>("tasks.echo"),
  onerr1: app.remote<(id: string) => void>("tasks.onerr1"),
  onerr2: app.remote<(id: string) => void>("tasks.onerr2"),
});
type Tasks = ReturnType<typeof tasks>;

const calls: Readonly<Record<string, (t: Tasks) => Promise<unknown>>> = {
  "task-simple": ({ add }) => add.applyAsync([2, 3], { taskId: ID }),
  "task-custom-headers": ({ add }) =>
    add.applyAsync([2, 3], { headers: { "x-tenant": "acme", n: 7, f: 1.5, b: true, big: 2 ** 40, o: { a: [1, "z"] } }, taskId: ID }),
  "task-custom-properties": ({ add }) => add.applyAsync([2, 3], { properties: { messageId: "m-1", app_id: "app", type: "t" }, taskId: ID }),
  "task-delivery-transient": ({ add }) => add.applyAsync([2, 3], { deliveryMode: "transient", taskId: ID }),
  "task-countdown": ({ add }) => add.applyAsync([2, 3], { countdown: 10, taskId: ID }),
  "task-eta-and-expires": ({ add }) => add.applyAsync([2, 3], { countdown: 5, expires: 3600.5, taskId: ID }),
  "task-expires-seconds": ({ add }) => add.applyAsync([2, 3], { expires: 60, taskId: ID }),
  "task-queue": ({ add }) => add.applyAsync([2, 3], { queue: "other", taskId: ID }),
  "task-link": ({ add, mul }) => add.applyAsync([2, 3], { link: mul.s(10), taskId: ID }),
  "task-priority-5": ({ add }) => add.applyAsync([2, 3], { priority: 5, taskId: ID }),
  "task-shadow": ({ add }) => add.applyAsync([2, 3], { shadow: "pretty.name", taskId: ID }),
  "task-timelimits": ({ add }) => add.applyAsync([2, 3], { timeLimit: 30, softTimeLimit: 20, taskId: ID }),
  "task-ignore-result": ({ add }) => add.applyAsync([2, 3], { ignoreResult: true, taskId: ID }),
  "chain-3": ({ add, mul }) => chain(add.s(1, 2), mul.s(3), mul.s(4)).delay(),
  "chain-link": ({ add, mul, echo }) => chain(add.s(1, 2), mul.s(3)).applyAsync([], { link: echo.s("linked") }),
  "chain-link-error": ({ add, mul, onerr1 }) => chain(add.s(1, 2), mul.s(3)).applyAsync([], { linkError: onerr1.s() }),
  "chain-immutable-countdown": ({ add, mul }) =>
    chain(add.s(1, 2), mul.si(3, 3).set({ countdown: 7, queue: "q7" }), add.s(1)).applyAsync([], { countdown: 2 }),
};

function golden(name: string): { readonly call: string; readonly message: Message } {
  const file = JSON.parse(readFileSync(new URL(`../fixtures/wire/redis.client.${name}.json`, import.meta.url), "utf8")) as {
    readonly call: string;
    readonly captured: { readonly messages: readonly [Message] };
  };
  return { call: file.call, message: file.captured.messages[0] };
}

/** Names that are new with each run, numbered in the order of their appearance. */
function comparable(value: unknown): unknown {
  const ids = new Map<string, string>();
  const text = JSON.stringify(value).replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
    if (id === ID) return id;
    ids.set(id, ids.get(id) ?? `id-${ids.size}`);
    return ids.get(id) ?? "";
  });
  return JSON.parse(text);
}

/** Times are told by their form: the run's own clock is another one. */
function withoutTimes(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const form = (value: unknown): unknown => (typeof value === "string" && parseIsoTime(value) ? "a time" : value);
  return { ...headers, lang: "", origin: "", eta: form(headers["eta"]), expires: form(headers["expires"]) };
}

describe("where Python programs read, a call is Celery's own message", () => {
  it.each(Object.keys(calls))("%s", async (name) => {
    const { message, call } = golden(name);
    const { envelope } = message;
    const app = testApp({}, { drivers: peers });
    await calls[name]?.(tasks(app));
    const sent = await take(app, envelope.properties.delivery_info.routing_key);
    const { correlationId, replyTo, deliveryMode = 2, priority = 0, expirationMs, messageId, appId, type } = sent.properties;
    const ours = {
      headers: withoutTimes(sent.headers),
      body: bodyOf(sent),
      correlationId,
      replyTo,
      deliveryMode,
      priority,
      expiration: expirationMs === undefined ? undefined : String(expirationMs),
      messageId,
      appId,
      type,
      exchange: sent.exchange,
      contentType: sent.contentType,
      contentEncoding: sent.contentEncoding,
    };
    const { properties } = envelope;
    const theirs = {
      headers: withoutTimes(envelope.headers),
      body: message.body,
      correlationId: properties["correlation_id"],
      replyTo: properties["reply_to"],
      deliveryMode: properties["delivery_mode"],
      priority: properties["priority"],
      expiration: properties["expiration"],
      messageId: properties["message_id"],
      appId: properties["app_id"],
      type: properties["type"],
      exchange: properties.delivery_info.exchange,
      contentType: envelope["content-type"],
      contentEncoding: envelope["content-encoding"],
    };
    expect(comparable(ours), call).toEqual(comparable(theirs));
    expect(Object.keys(sent.headers)).toEqual(Object.keys(envelope.headers));
  });
});
