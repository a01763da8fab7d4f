import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors/celeriac-error.ts";
import type { SourceKind } from "./origin.ts";
import { resolveSettings, type SettingsSource } from "./resolve-settings.ts";

function given(values: object): SettingsSource {
  return { kind: "given", values };
}

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return (error.details as { problems: readonly string[] }).problems;
    throw error;
  }
  throw new Error("expected a ConfigError");
}

describe("resolving settings", () => {
  it("has every default where nothing is given", () => {
    const { settings, origins, warnings } = resolveSettings([]);
    expect(settings.taskAcksLate).toBe(true);
    expect(settings.taskMaxChildDeaths).toBe(5);
    expect(settings.taskMaxWorkerDeaths).toBe(20);
    expect(settings.resultExpires).toBe(86_400);
    expect([origins.size, warnings]).toEqual([0, []]);
  });

  it("lets each kind of source win over the weaker ones, whatever their order", () => {
    const kinds: readonly Exclude<SourceKind, "env">[] = ["runtime", "cli", "given", "file", "defaults"];
    const sources = kinds.map((kind): SettingsSource => ({ kind, values: { taskDefaultQueue: kind } }));
    const env = { CELERIAC_TASK_DEFAULT_QUEUE: "env" };
    const winners = ["runtime", "cli", "env", "given", "file", "defaults"];
    const seen = winners.map((_, weaker) => {
      const rest = sources.filter((source) => winners.indexOf(source.kind) >= weaker);
      return resolveSettings(rest, weaker <= 2 ? { env } : {}).settings.taskDefaultQueue;
    });
    expect(seen).toEqual(winners);
  });

  it("takes the later of two sources of one kind", () => {
    expect(resolveSettings([given({ taskDefaultQueue: "a" }), given({ taskDefaultQueue: "b" })]).settings.taskDefaultQueue).toBe("b");
  });

  it("takes a setting under our name, Celery's, the upper-case one and that of Celery 3", () => {
    for (const name of ["taskAcksLate", "task_acks_late", "CELERY_TASK_ACKS_LATE", "TASK_ACKS_LATE", "CELERY_ACKS_LATE"]) {
      expect(resolveSettings([given({ [name]: false })]).settings.taskAcksLate).toBe(false);
    }
  });

  it("warns of a name of Celery 3 and of a setting on its way out", () => {
    expect(resolveSettings([given({ CELERYD_CONCURRENCY: 2, brokerHost: "h" })]).warnings).toEqual([
      "CELERYD_CONCURRENCY is a name of Celery 3; write workerConcurrency in its place",
      "the setting brokerHost is on its way out. Set `brokerUrl`.",
    ]);
  });

  it("refuses one setting under two names with different values, and takes it with equal ones", () => {
    expect(problemsOf(() => resolveSettings([given({ taskTimeLimit: 60, task_time_limit: "2m" })]))).toEqual([
      "the setting taskTimeLimit is given twice with different values: taskTimeLimit is 60 and task_time_limit is 120; keep one",
    ]);
    expect(resolveSettings([given({ taskTimeLimit: 120, task_time_limit: "2m" })]).settings.taskTimeLimit).toBe(120);
  });

  it("reports all problems of all sources in one error", () => {
    const problems = problemsOf(() =>
      resolveSettings(
        [given({ brokerUrll: "x", taskTimeLimit: "soon" }), { kind: "file", name: "settings.ts", values: { worker_concurrency: "ten" } }],
        {
          env: { CELERIAC_TASK_ACKS_LATE: "maybe", CELERY_BROKER_URL: ";" },
        },
      ),
    );
    expect(problems).toEqual([
      'expected worker_concurrency (the setting workerConcurrency) to be a whole number of at least 1, or null, got: "ten" (in settings.ts)',
      'no setting is called "brokerUrll"; did you mean "brokerUrl"?',
      'expected taskTimeLimit to be a number of seconds or a text with a unit such as "500ms", "10s" or "5m", 0 or more, or null, got: "soon"',
      'expected the environment variable CELERIAC_TASK_ACKS_LATE (the setting taskAcksLate) to be true or false, got: "maybe"',
      'expected the environment variable CELERY_BROKER_URL (the setting brokerUrl) to be a URL, a list of URLs, or URLs separated by ";", or null, got: ";"',
    ]);
  });

  it("reads Celery's four environment variables, and prefers those of our own name", () => {
    const env = {
      CELERY_BROKER_URL: "redis://a",
      CELERY_BROKER_READ_URL: "redis://r",
      CELERY_BROKER_WRITE_URL: "redis://w",
      CELERY_RESULT_BACKEND: "redis://b",
    };
    const { settings } = resolveSettings([given({ brokerUrl: "sqlite://x" })], { env });
    expect([settings.brokerUrl, settings.brokerReadUrl, settings.brokerWriteUrl, settings.resultBackend]).toEqual([
      ["redis://a"],
      ["redis://r"],
      ["redis://w"],
      "redis://b",
    ]);
    const { origins } = resolveSettings([], { env: { ...env, CELERIAC_RESULT_BACKEND: "sqlite://own" } });
    expect(origins.get("resultBackend")).toEqual({ kind: "env", name: "CELERIAC_RESULT_BACKEND", spelling: "CELERIAC_RESULT_BACKEND" });
  });

  it("takes an empty environment variable for none", () => {
    expect(resolveSettings([given({ resultBackend: "memory://" })], { env: { CELERIAC_RESULT_BACKEND: "" } }).settings.resultBackend).toBe(
      "memory://",
    );
  });

  it("warns of an environment variable that is nearly one of ours, and of no other", () => {
    expect(resolveSettings([], { env: { CELERIAC_BROKER_ULR: "x", CELERIAC_HOME_OF_ALL_THINGS: "y", PATH: "z" } }).warnings).toEqual([
      "the environment variable CELERIAC_BROKER_ULR sets nothing; did you mean CELERIAC_BROKER_URL?",
    ]);
  });

  it("takes undefined for absent", () => {
    expect(resolveSettings([given({ brokerUrl: undefined })]).origins.size).toBe(0);
  });

  it("takes only the names of a namespace where one is given", () => {
    const { settings } = resolveSettings([
      { kind: "file", namespace: "SHOP", values: { SHOP_TASK_DEFAULT_QUEUE: "a", DEBUG: true, SHOPPING: 1 } },
    ]);
    expect(settings.taskDefaultQueue).toBe("a");
  });

  it("brings back Celery's defaults with celeryDefaults, and leaves what is given", () => {
    const { settings } = resolveSettings([given({ celeryDefaults: true, taskRejectOnWorkerLost: true })]);
    expect([settings.taskAcksLate, settings.taskRejectOnWorkerLost, settings.brokerConfirmPublish]).toEqual([false, true, false]);
  });

  it("is frozen, down to the defaults", () => {
    const { settings } = resolveSettings([]);
    expect([Object.isFrozen(settings), Object.isFrozen(settings.taskPublishRetryPolicy), Object.isFrozen(settings.acceptContent)]).toEqual([
      true,
      true,
      true,
    ]);
  });
});
