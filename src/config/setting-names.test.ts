import { describe, expect, it } from "vitest";
import { celeryNameOf, findSetting, suggestSetting } from "./setting-names.ts";
import { rowOf, settingKeys } from "./settings-table.ts";

describe("the names of settings", () => {
  it("finds every setting under each of its spellings, and no other setting under them", () => {
    const found = settingKeys.flatMap((key) => {
      const upper = celeryNameOf(key).toUpperCase();
      const spellings = [key, celeryNameOf(key), `CELERY_${upper}`, upper, rowOf(key).oldName ?? key];
      return spellings.filter((spelling) => findSetting(spelling)?.key !== key);
    });
    expect(found).toEqual([]);
  });

  it("knows which spellings are those of Celery 3", () => {
    expect(findSetting("CELERYD_CONCURRENCY")).toEqual({ key: "workerConcurrency", old: true });
    expect(findSetting("CELERY_WORKER_CONCURRENCY")).toEqual({ key: "workerConcurrency", old: false });
    expect(findSetting("CELERY_RESULT_BACKEND")).toEqual({ key: "resultBackend", old: false });
  });

  it.each([
    ["brokerUrll", "brokerUrl"],
    ["task_ack_late", "task_acks_late"],
    ["CELERY_ACK_LATE", "CELERY_ACKS_LATE"],
    ["concurrency", "workerConcurrency"],
  ])("offers for %s the nearest name of the same style", (name, suggestion) => {
    expect(suggestSetting(name)).toBe(suggestion);
  });

  it("offers nothing where nothing is near", () => {
    expect(suggestSetting("zzzzzzzzzz")).toBeUndefined();
    expect(findSetting("constructor")).toBeUndefined();
  });
});
