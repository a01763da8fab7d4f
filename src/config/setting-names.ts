// Every spelling under which a setting may be given: ours, Celery's, upper case with or without CELERY_ before it, and that of Celery 3.
import { didYouMean } from "../util/did-you-mean.ts";
import { snakeCase } from "./name-styles.ts";
import { isSettingKey, rowOf, type SettingKey, settingKeys } from "./settings-table.ts";

/** What {@link findSetting} gives. */
export interface FoundSetting {
  /** Our name of the setting. */
  readonly key: SettingKey;
  /** Whether the spelling is that of Celery 3, which Celery will drop in its version 6. */
  readonly old: boolean;
}

/** Celery's name of a setting; for one that Celery does not have, the name that it would have there. */
export function celeryNameOf(key: SettingKey): string {
  return rowOf(key).celeryName ?? snakeCase(key);
}

/** The environment variables that set it; where several are set, the first of them holds. A function cannot come from there. */
export function environmentNamesOf(key: SettingKey): readonly string[] {
  const { type } = rowOf(key);
  if (type === "callback" || type === "credentials") return [];
  return [`CELERIAC_${celeryNameOf(key).toUpperCase()}`, ...rowOf(key).env];
}

const spellings = new Map<string, FoundSetting>();
for (const key of settingKeys) {
  const snake = celeryNameOf(key);
  const { oldName } = rowOf(key);
  if (oldName !== null) spellings.set(oldName, { key, old: true });
  for (const spelling of [key, snake, `CELERY_${snake.toUpperCase()}`]) spellings.set(spelling, { key, old: false });
  const upper = snake.toUpperCase();
  if (!spellings.has(upper)) spellings.set(upper, { key, old: false });
}

/** The setting that a name means in any of its spellings, or undefined. */
export function findSetting(name: string): FoundSetting | undefined {
  return spellings.get(name);
}

/** The setting's name that is nearest to a name which means none, in the same style, or undefined. */
export function suggestSetting(name: string): string | undefined {
  const style = styleOf(name);
  const near = didYouMean(
    name,
    [...spellings.keys()].filter((spelling) => styleOf(spelling) === style),
  );
  return near ?? settingEndingWith(name);
}

/** A user who writes `concurrency` means `workerConcurrency`: the shortest setting that ends so, and rather one that Celery has. */
function settingEndingWith(name: string): string | undefined {
  const wanted = name.toLowerCase().replaceAll("_", "");
  if (wanted.length < 4) return undefined;
  const ending = settingKeys.filter((key) => key.toLowerCase().endsWith(wanted)).toSorted((a, b) => a.length - b.length);
  return ending.find((key) => rowOf(key).celeryName !== null) ?? ending[0];
}

type Style = "camel" | "snake" | "upper";

function styleOf(name: string): Style {
  if (isSettingKey(name)) return "camel";
  if (name === name.toUpperCase()) return "upper";
  return name.includes("_") ? "snake" : "camel";
}
