import { describe, expect, it } from "vitest";
import { readSetting, readSettingText } from "./read-setting.ts";
import type { SettingKey } from "./settings-table.ts";

const route = (name: string): string => name;

describe("reading a value", () => {
  it.each<[SettingKey, unknown, unknown]>([
    ["taskTimeLimit", "2m", 120],
    ["taskTimeLimit", 1.5, 1.5],
    ["resultExpires", null, null],
    ["brokerUrl", "redis://a; redis://b", ["redis://a", "redis://b"]],
    ["brokerUrl", ["sqlite://x.db"], ["sqlite://x.db"]],
    ["taskDefaultDeliveryMode", "transient", 1],
    ["workerPool", "processes", "prefork"],
    ["workerPool", "gevent", "async"],
    ["timezone", "Europe/Berlin", "Europe/Berlin"],
    ["taskDefaultRateLimit", "10/s", "10/s"],
    [
      "taskPublishRetryPolicy",
      { max_retries: null, intervalStart: "10ms" },
      { maxRetries: null, intervalStart: 0.01, intervalStep: 0.2, intervalMax: 1 },
    ],
    [
      "taskRoutes",
      [["feed.*", "feed"], { "a.b": { queue: "c", routingKey: "d" } }, route],
      [["feed.*", "feed"], { "a.b": { queue: "c", routingKey: "d" } }, route],
    ],
    ["taskQueues", ["a", { name: "b", routingKey: "c" }], ["a", { name: "b", routingKey: "c" }]],
    ["taskAnnotations", { "*": { rateLimit: "10/s" } }, { "*": { rateLimit: "10/s" } }],
    ["beatSchedule", { tick: { task: "a", schedule: "10s" } }, { tick: { task: "a", schedule: "10s" } }],
    ["brokerUseSsl", { ca: "x" }, { ca: "x" }],
    ["resultBackendMaxRetries", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("takes %s = %j", (key, given, value) => {
    expect(readSetting(key, given)).toEqual({ value });
  });

  it.each<[SettingKey, unknown, string]>([
    ["workerConcurrency", "ten", 'expected workerConcurrency to be a whole number of at least 1, or null, got: "ten"'],
    ["workerConcurrency", 0, "expected workerConcurrency to be a whole number of at least 1, or null, got: 0"],
    ["workerConcurrency", 1.5, "expected workerConcurrency to be a whole number of at least 1, or null, got: 1.5"],
    ["taskDefaultPriority", 256, "expected taskDefaultPriority to be a whole number from 0 to 255, or null, got: 256"],
    ["taskAcksLate", null, "expected taskAcksLate to be true or false, got: null"],
    ["taskProtocol", 3, "expected taskProtocol to be one of 1, 2, got: 3"],
    ["taskUnknown", "drop", 'expected taskUnknown to be one of "reject", "park", got: "drop"'],
    ["acceptContent", ["json", 3], "expected item 2 of acceptContent to be a text, got: 3"],
    ["acceptContent", "json", 'expected acceptContent to be a list of texts, got: "json"'],
    [
      "timezone",
      "Mars/Phobos",
      'expected timezone to be the name of an IANA time zone such as "Europe/Berlin", or null, got: "Mars/Phobos"',
    ],
    ["taskPublishRetryPolicy", { maxRetries: "x" }, 'expected maxRetries of taskPublishRetryPolicy to be a whole number, got: "x"'],
    ["brokerUrl", "", 'expected brokerUrl to be a URL, a list of URLs, or URLs separated by ";", or null, got: ""'],
  ])("refuses %s = %j with a whole sentence", (key, given, problem) => {
    expect(readSetting(key, given)).toEqual({ problem });
  });

  it.each<[SettingKey, unknown]>([
    ["taskTimeLimit", "2 minutes"],
    ["taskTimeLimit", -1],
    ["taskTimeLimit", Number.NaN],
    ["taskDefaultRateLimit", "10/week"],
    ["taskRoutes", { a: 1 }],
    ["taskRoutes", [["a"]]],
    ["taskQueues", [{ routingKey: "a" }]],
    ["taskAnnotations", { a: "b" }],
    ["beatSchedule", { a: { task: "b" } }],
    ["taskPublishRetryPolicy", { maxTries: 1 }],
    ["brokerTransportOptions", ["a"]],
    ["brokerFailoverStrategy", "random"],
  ])("refuses %s = %j", (key, given) => {
    expect(readSetting(key, given)).toHaveProperty("problem");
  });

  it("shows no secret in a problem", () => {
    expect(JSON.stringify([readSetting("redisPassword", ["hunter2"]), readSetting("taskQueues", "redis://:hunter2@host")])).not.toContain(
      "hunter2",
    );
  });

  it("copies and freezes maps and lists, and leaves the user's own as they were", () => {
    const options = { steps: [0, 3], inner: { a: 1 } };
    const read = readSetting("brokerTransportOptions", options) as { value: typeof options };
    expect(read.value).toEqual(options);
    expect([
      Object.isFrozen(read.value),
      Object.isFrozen(read.value.steps),
      Object.isFrozen(read.value.inner),
      Object.isFrozen(options),
    ]).toEqual([true, true, true, false]);
  });

  it("takes a key __proto__ for a key", () => {
    const read = readSetting("brokerTransportOptions", JSON.parse('{"__proto__": {"polluted": true}}')) as { value: object };
    expect(Object.getPrototypeOf(read.value)).toBe(Object.prototype);
    expect(Object.keys(read.value)).toEqual(["__proto__"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("reading a text", () => {
  it.each<[SettingKey, string, unknown]>([
    ["workerConcurrency", "4", 4],
    ["workerConcurrency", "none", null],
    ["taskAcksLate", "no", false],
    ["taskAcksLate", "ON", true],
    ["taskTimeLimit", "90", 90],
    ["taskTimeLimit", "1h", 3600],
    ["acceptContent", "json, yaml", ["json", "yaml"]],
    ["acceptContent", '["json"]', ["json"]],
    ["taskProtocol", "1", 1],
    ["taskDefaultDeliveryMode", "1", 1],
    ["brokerTransportOptions", '{"visibilityTimeout": 60}', { visibilityTimeout: 60 }],
    ["taskDefaultQueue", "none", "none"],
    ["brokerUseSsl", "true", true],
    ["resultBackendMaxRetries", "inf", Number.POSITIVE_INFINITY],
  ])("takes %s = %s", (key, text, value) => {
    expect(readSettingText(key, text)).toEqual({ value });
  });

  it.each<[SettingKey, string]>([
    ["workerConcurrency", "0x10"],
    ["workerConcurrency", ""],
    ["taskAcksLate", "maybe"],
    ["brokerTransportOptions", "{"],
    ["databaseEngineCallback", "eval"],
  ])("refuses %s = %s", (key, text) => {
    expect(readSettingText(key, text)).toHaveProperty("problem");
  });
});
