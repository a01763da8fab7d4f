import { describe, expect, it } from "vitest";
import { checkRelations } from "./relations.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type { ResolvedSettings, Settings } from "./settings.ts";

const { settings: defaults } = resolveSettings([]);

function check(changes: Partial<ResolvedSettings>): { problems: readonly string[]; warnings: readonly string[] } {
  const problems: string[] = [];
  const warnings: string[] = [];
  checkRelations({ ...defaults, ...changes }, problems, warnings);
  return { problems, warnings };
}

describe("relations between settings", () => {
  it.each<[Partial<ResolvedSettings>, RegExp]>([
    [{ taskSoftTimeLimit: 30, taskTimeLimit: 20 }, /^taskSoftTimeLimit \(30 s\) is over taskTimeLimit \(20 s\)/],
    [{ controlQueueDurable: true }, /^controlQueueExclusive and controlQueueDurable are both true/],
    [{ eventQueueDurable: true }, /^eventQueueExclusive and eventQueueDurable are both true/],
    [{ taskQueues: ["a", { name: "b" }], taskCreateMissingQueues: false }, /^taskDefaultQueue is "celery", taskQueues has only "a", "b"/],
    [{ taskQueues: { a: null }, taskCreateMissingQueues: false }, /^taskDefaultQueue is "celery", taskQueues has only "a"/],
    [
      { taskSerializer: "auth", securityKey: "k", acceptContent: ["auth"], resultAcceptContent: ["json"] },
      /needs securityCertificate, securityCertStore/,
    ],
    [
      { taskPublishRetryPolicy: { maxRetries: 3, intervalStart: 2, intervalStep: 0, intervalMax: 1 } },
      /^taskPublishRetryPolicy has an intervalStart/,
    ],
    [{ resultBackendBaseSleepBetweenRetriesMs: 20_000 }, /^resultBackendBaseSleepBetweenRetriesMs/],
  ])("refuses %j", (changes, sentence) => {
    const { problems, warnings } = check(changes);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(warnings).toEqual([]);
  });

  it.each<[Partial<ResolvedSettings>, RegExp]>([
    [{ taskDefaultQueueType: "quorum", taskQueueMaxPriority: 5 }, /^taskQueueMaxPriority is 5/],
    [{ taskSerializer: "yaml" }, /^taskSerializer is "yaml", which acceptContent \(json\) does not have/],
    [
      { resultSerializer: "yaml", resultAcceptContent: ["json"] },
      /^resultSerializer is "yaml", which resultAcceptContent \(json\) does not have/,
    ],
    [{ taskAlwaysEager: true, taskIgnoreResult: true, taskStoreEagerResult: true }, /^taskStoreEagerResult is true/],
  ])("warns of %j", (changes, sentence) => {
    const { problems, warnings } = check(changes);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(sentence)]);
  });

  it.each<Settings>([
    {},
    { taskSoftTimeLimit: 20, taskTimeLimit: 30 },
    { taskSoftTimeLimit: 20 },
    { controlQueueDurable: true, controlQueueExclusive: false },
    { taskSerializer: "yaml", acceptContent: ["json", "application/x-yaml"] },
    { taskQueues: ["celery"], taskCreateMissingQueues: false },
  ])("is content with %j", (values) => {
    expect(resolveSettings([{ kind: "given", values }]).warnings).toEqual([]);
  });

  it("is part of resolving", () => {
    expect(() => resolveSettings([{ kind: "given", values: { taskSoftTimeLimit: "1m", taskTimeLimit: 20 } }])).toThrow(
      "taskSoftTimeLimit (60 s)",
    );
  });
});
