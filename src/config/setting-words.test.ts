import { describe, expect, it } from "vitest";
import { resolveSettings } from "./resolve-settings.ts";
import { isSettingWord, parseSettingWords } from "./setting-words.ts";

describe("words that set settings", () => {
  it.each([
    ["worker.concurrency=4", { workerConcurrency: 4 }],
    ["worker_concurrency=4", { workerConcurrency: 4 }],
    ["workerConcurrency=4", { workerConcurrency: 4 }],
    ["Worker.Concurrency=4", { workerConcurrency: 4 }],
    [".concurrency=4", { workerConcurrency: 4 }],
    ["_concurrency=4", { workerConcurrency: 4 }],
    ["CELERYD_CONCURRENCY=4", { workerConcurrency: 4 }],
    ["worker.concurrency=(int)4", { workerConcurrency: 4 }],
    ["task.acks_late=(bool)no", { taskAcksLate: false }],
    ["task.time_limit=(float)1.5", { taskTimeLimit: 1.5 }],
    ["task.default_queue=(string)(int)4", { taskDefaultQueue: "(int)4" }],
    ['accept_content=(list)["json","yaml"]', { acceptContent: ["json", "yaml"] }],
    ['imports=(tuple)["a"]', { imports: ["a"] }],
    ['broker.transport_options=(dict){"a": 1}', { brokerTransportOptions: { a: 1 } }],
    ["broker.url=redis://h/0?a=b", { brokerUrl: "redis://h/0?a=b" }],
    ["timezone=Europe/Berlin", { timezone: "Europe/Berlin" }],
  ])("reads %s", (word, values) => {
    expect(parseSettingWords([word], "worker")).toEqual(values);
  });

  it("reports every word that cannot be read", () => {
    expect(() =>
      parseSettingWords([
        "worker.concurency=4",
        "plain",
        "worker.concurrency=(int)x",
        "worker.concurrency=(constructor)x",
        "imports=(list){}",
      ]),
    ).toThrow(
      [
        "5 settings are wrong:",
        '  - no setting is called "worker.concurency"; did you mean "worker_concurrency"?',
        '  - expected "plain" to be a setting and its value, such as worker.concurrency=4',
        '  - worker.concurrency: expected a value of the type int, got: "x"',
        '  - worker.concurrency: no type is called "constructor"; known are int, float, bool, str, string, json, list, tuple, dict',
        '  - imports: expected a value of the type list, got: "{}"',
      ].join("\n"),
    );
  });

  it("leaves the check of a value to the source that it becomes", () => {
    const values = parseSettingWords(["worker.concurrency=ten"]);
    expect(() => resolveSettings([{ kind: "cli", values }])).toThrow(
      'expected workerConcurrency to be a whole number of at least 1, or null, got: "ten"',
    );
  });

  it("tells words that set settings from options", () => {
    expect(["a=b", "--a=b", "worker"].map(isSettingWord)).toEqual([true, false, false]);
  });
});
