// Reads settings from environment variables: CELERIAC_ and Celery's name in upper case for each, and Celery's own few.
import { didYouMean } from "../util/did-you-mean.ts";
import type { GivenValue } from "./origin.ts";
import { readSettingText } from "./read-setting.ts";
import { environmentNamesOf } from "./setting-names.ts";
import { type SettingKey, settingKeys } from "./settings-table.ts";

const keysByVariable: ReadonlyMap<string, SettingKey> = new Map(
  settingKeys.flatMap((key) => environmentNamesOf(key).map((name) => [name, key] as const)),
);

/**
 * The settings that the environment gives. An empty variable counts as absent, as in Celery.
 * @param problems takes a sentence for each variable that cannot be read
 * @param warnings takes a sentence for each variable that is nearly one of ours
 */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
  warnings: string[],
): ReadonlyMap<SettingKey, GivenValue> {
  const read = new Map<SettingKey, GivenValue>();
  for (const variable of Object.keys(env)) {
    const key = keysByVariable.get(variable);
    if (key === undefined) warnOfSlip(variable, warnings);
    else if (!read.has(key)) readVariable(key, env, read, problems);
  }
  return read;
}

function readVariable(
  key: SettingKey,
  env: Readonly<Record<string, string | undefined>>,
  read: Map<SettingKey, GivenValue>,
  problems: string[],
): void {
  const variable = environmentNamesOf(key).find((name) => env[name]);
  const text = variable === undefined ? undefined : env[variable];
  if (variable === undefined || text === undefined) return;
  const result = readSettingText(key, text, `the environment variable ${variable} (the setting ${key})`);
  if ("problem" in result) {
    if (!problems.includes(result.problem)) problems.push(result.problem);
  } else read.set(key, { value: result.value, origin: { kind: "env", name: variable, spelling: variable } });
}

/** Other variables may begin with CELERIAC_, so only a near miss is spoken of, and it is no error. */
function warnOfSlip(variable: string, warnings: string[]): void {
  if (!variable.startsWith("CELERIAC_")) return;
  const near = didYouMean(variable, keysByVariable.keys());
  if (near !== undefined) warnings.push(`the environment variable ${variable} sets nothing; did you mean ${near}?`);
}
