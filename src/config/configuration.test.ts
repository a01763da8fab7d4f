import { describe, expect, it } from "vitest";
import { Configuration, settingsWithoutEffect } from "./configuration.ts";

function configured(values: object): Configuration {
  return new Configuration([{ kind: "given", values }]);
}

describe("a configuration", () => {
  it("gives values as properties of a frozen object and by name", () => {
    const configuration = configured({ taskDefaultQueue: "a" });
    expect(configuration.settings.taskDefaultQueue).toBe("a");
    expect(configuration.get("taskDefaultQueue")).toBe("a");
    expect(Object.isFrozen(configuration.settings)).toBe(true);
  });

  it("changes at run time over the environment, and leaves the object that was taken before", () => {
    const configuration = new Configuration([], { env: { CELERIAC_TASK_DEFAULT_QUEUE: "env" } });
    const before = configuration.settings;
    configuration.update({ taskDefaultQueue: "now" });
    expect([before.taskDefaultQueue, configuration.settings.taskDefaultQueue]).toEqual(["env", "now"]);
    expect(configuration.sourceOf("taskDefaultQueue")).toEqual({ kind: "runtime", name: null, spelling: "taskDefaultQueue" });
  });

  it("changes nothing where one of several changes is refused", () => {
    const configuration = configured({});
    expect(() => configuration.update({ taskDefaultQueue: "a", task_time_limit: "soon" })).toThrow("task_time_limit");
    expect(configuration.settings.taskDefaultQueue).toBe("celery");
    configuration.update({ taskTimeLimit: 5 });
    expect(configuration.settings.taskTimeLimit).toBe(5);
  });

  it("does not see what the program does to its own map after it was taken", () => {
    const changes = { brokerTransportOptions: { a: 1 } };
    const configuration = configured({});
    configuration.update(changes);
    changes.brokerTransportOptions.a = 2;
    configuration.update({ taskDefaultQueue: "b" });
    expect(configuration.settings.brokerTransportOptions).toEqual({ a: 1 });
  });

  it("keeps every setting that was changed, under whichever name, with its last value", () => {
    const configuration = configured({});
    configuration.update({ taskTimeLimit: 10, taskDefaultQueue: "a" });
    configuration.update({ task_time_limit: 20 });
    configuration.update({ taskTimeLimit: undefined });
    configuration.update({ workerConcurrency: 3 });
    expect(configuration.changed()).toEqual({ taskTimeLimit: 20, taskDefaultQueue: "a", workerConcurrency: 3 });
  });

  it("refuses a change with one setting under two names", () => {
    expect(() => configured({}).update({ taskTimeLimit: 10, task_time_limit: 20 })).toThrow("given twice");
  });

  it("keeps a change that was made before the first configuration is read, and forgets it with the second", () => {
    const configuration = configured({});
    configuration.update({ taskDefaultQueue: "early" });
    configuration.configure({ taskDefaultQueue: "first", taskTimeLimit: 5 }, { name: "first.ts" });
    expect(configuration.settings.taskDefaultQueue).toBe("early");
    configuration.configure({ taskDefaultQueue: "second" }, { name: "second.ts" });
    expect([configuration.settings.taskDefaultQueue, configuration.settings.taskTimeLimit]).toEqual(["second", null]);
    expect(configuration.sourceOf("taskDefaultQueue")).toEqual({ kind: "file", name: "second.ts", spelling: "taskDefaultQueue" });
  });

  it("keeps defaults that were added below everything else", () => {
    const configuration = configured({ taskDefaultQueue: "given" });
    configuration.addDefaults({ taskDefaultQueue: "added", taskTimeLimit: "1m" });
    expect([configuration.settings.taskDefaultQueue, configuration.settings.taskTimeLimit]).toEqual(["given", 60]);
  });

  it("says where a default comes from", () => {
    expect(configured({}).sourceOf("taskAcksLate")).toEqual({ kind: "default", name: null, spelling: "taskAcksLate" });
  });

  it("knows what was changed, without defaults", () => {
    expect(configured({ task_time_limit: "1m", brokerUrl: "a" }).changed()).toEqual({ brokerUrl: ["a"], taskTimeLimit: 60 });
  });

  it("hides secrets by name at any depth, and passwords in URLs", () => {
    const configuration = configured({
      brokerUrl: "redis://user:hunter2@host/0;redis://:hunter2@other",
      resultBackend: "redis://:hunter2@host",
      redisPassword: "hunter2",
      s3SecretAccessKey: "hunter2",
      securityKeyPassword: new TextEncoder().encode("hunter2"),
      brokerTransportOptions: {
        apiToken: "hunter2",
        inner: { passphrase: "hunter2", url: "amqp://a:hunter2@b" },
        list: ["redis://:hunter2@host"],
      },
      mongodbBackendSettings: { password: "hunter2", database: "hunter2" },
    });
    const shown = configuration.humanize();
    expect(shown).not.toContain("hunter2");
    expect(shown).toContain('brokerUrl: ["redis://user:**@host/0","redis://:**@other"]');
    expect(shown).toContain('redisPassword: "********"');
    expect(configuration.humanize({ censored: false })).toContain("hunter2");
  });

  it("shows the names that Celery's monitors expect, as plain data", () => {
    const configuration = configured({ taskRoutes: function byName() {}, resultBackendMaxRetries: Number.POSITIVE_INFINITY });
    const table = configuration.table({ names: "celery" });
    expect(table).toEqual({ task_routes: "[function byName]", result_backend_max_retries: "inf" });
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
  });

  it("shows defaults where asked to, and null under a hidden name as null", () => {
    const table = configured({}).table({ withDefaults: true });
    expect(Object.keys(table)).toHaveLength(233);
    expect([table["taskAcksLate"], table["redisPassword"]]).toEqual([true, null]);
  });

  it("names the settings that were changed and have no effect yet", () => {
    expect(configured({ cassandraTable: "t", taskDefaultQueue: "q", s3Bucket: null }).unused()).toEqual(["cassandraTable"]);
    expect(settingsWithoutEffect()).toContainEqual({ key: "cassandraTable", waitsFor: "Cassandra backend" });
  });
});
