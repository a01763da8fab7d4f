import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { camelCase, snakeCase } from "./name-styles.ts";
import { readSetting } from "./read-setting.ts";
import { celeryNameOf, environmentNamesOf } from "./setting-names.ts";
import { rowOf, settingGroups, settingKeys } from "./settings-table.ts";

interface CelerySetting {
  readonly name: string;
  readonly default: unknown;
  readonly oldName: string | null;
}

const fixture = JSON.parse(readFileSync(new URL("../../test/fixtures/celery-settings.json", import.meta.url), "utf8")) as {
  readonly settings: readonly CelerySetting[];
  readonly beside: readonly CelerySetting[];
};
const celerySettings = [...fixture.settings, ...fixture.beside];

/** What Celery has where our row says that its default is the same. */
function defaultAsCelerySpellsIt(key: (typeof settingKeys)[number]): unknown {
  const row = rowOf(key);
  if (row.celeryEquivalent !== undefined) return row.celeryEquivalent;
  const value = "celeryDefault" in row ? row.celeryDefault : row.default;
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (row.type !== "retryPolicy") return value;
  return Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [snakeCase(name), inner]));
}

describe("the settings table", () => {
  it("has the 198 settings of Celery and those beside its table, each under its name in camel case", () => {
    expect(fixture.settings).toHaveLength(198);
    expect(celerySettings.map(({ name }) => camelCase(name)).filter((name) => !(settingKeys as readonly string[]).includes(name))).toEqual(
      [],
    );
  });

  it("has each with Celery's default and its old name", () => {
    const ours = celerySettings.map(({ name }) => {
      const key = settingKeys.find((candidate) => candidate === camelCase(name));
      return key === undefined ? name : { name: rowOf(key).celeryName, oldName: rowOf(key).oldName, default: defaultAsCelerySpellsIt(key) };
    });
    expect(ours).toEqual(celerySettings.map(({ name, oldName, default: celeryDefault }) => ({ name, oldName, default: celeryDefault })));
  });

  it("has no setting under a name of Celery that Celery does not have", () => {
    const known = new Set(celerySettings.map(({ name }) => name));
    expect(settingKeys.map((key) => rowOf(key).celeryName).filter((name) => name !== null && !known.has(name))).toEqual([]);
  });

  it("differs from Celery's defaults only where the documentation says so", () => {
    expect(settingKeys.filter((key) => "celeryDefault" in rowOf(key))).toEqual([
      "brokerConfirmPublish",
      "taskAcksLate",
      "taskRejectOnWorkerLost",
      "workerProcAliveTimeout",
    ]);
  });

  it("has defaults that their own checks leave as they are", () => {
    const defaults = settingKeys.flatMap((key) => {
      const row = rowOf(key);
      return [row.default, ...("celeryDefault" in row ? [row.celeryDefault] : [])].map((value) => ({ key, value }));
    });
    expect(defaults.map(({ key, value }) => ({ key, ...readSetting(key, value) }))).toEqual(defaults);
  });

  it("says of each setting in one sentence what it does, with its unit", () => {
    const rows = settingKeys.map((key) => ({ key, ...rowOf(key) }));
    expect(rows.filter(({ doc }) => !/^[A-Z].*[^.]\.$/.test(doc))).toEqual([]);
    expect(rows.filter(({ doc, type }) => type === "seconds" && !/second/i.test(doc))).toEqual([]);
  });

  it("has each setting in exactly one group", () => {
    expect(settingGroups.flatMap((group) => group.keys).toSorted()).toEqual(settingKeys.toSorted());
  });

  it("gives no environment variable to two settings", () => {
    const names = settingKeys.flatMap(environmentNamesOf);
    expect(new Set(names).size).toBe(names.length);
  });

  it("can be read as Celery's name and back", () => {
    expect(settingKeys.filter((key) => camelCase(celeryNameOf(key)) !== key)).toEqual([]);
  });
});
