// Reads one value for one setting: from a program's value, or from a text of the environment or the command line.
import * as v from "valibot";
import { censor } from "./censor.ts";
import { freezeCopy } from "./freeze-copy.ts";
import { kinds } from "./kind-schemas.ts";
import type { SettingRow } from "./setting-row.ts";
import { rowOf, type SettingKey } from "./settings-table.ts";
import { showValue } from "./show-value.ts";
import { valueOfText } from "./value-of-text.ts";

/** The value of a setting in its final form, or one sentence that says what is wrong with it. */
export type ReadSetting = { readonly value: unknown } | { readonly problem: string };

/**
 * Checks a value and brings it to its final form.
 * @param label how the sentence of a problem calls the setting
 */
export function readSetting(key: SettingKey, given: unknown, label: string = key): ReadSetting {
  const row = rowOf(key);
  const result = v.safeParse(schemaOf(key, row), given);
  if (result.success) return { value: freezeCopy(result.output) };
  const [issue] = result.issues;
  const inner = issue.path?.map((step) => (typeof step.key === "number" ? `item ${step.key + 1}` : String(step.key))).join(", ");
  if (inner === undefined) return { problem: `expected ${label} to be ${expectedOf(row)}, got: ${showValue(censor(key, given))}` };
  return { problem: `expected ${inner} of ${label} to be ${issue.message}, got: ${showValue(censor(key, issue.input))}` };
}

/** The same for a text, which is read by the kind of the setting. */
export function readSettingText(key: SettingKey, text: string, label: string = key): ReadSetting {
  return readSetting(key, valueOfText(rowOf(key), text), label);
}

/** What a setting accepts, in words that follow "expected x to be". */
export function expectedOf(row: SettingRow): string {
  const { choices = [] } = row;
  const base = row.type === "choice" ? `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}` : kinds[row.type].expected;
  return `${base}${boundsOf(row)}${isNullable(row) ? ", or null" : ""}`;
}

/** Whether null may be given for a setting. */
export function isNullable(row: SettingRow): boolean {
  return row.default === null || row.nullable === true;
}

function boundsOf(row: SettingRow): string {
  const min = leastOf(row);
  if (min !== undefined && row.max !== undefined) return ` from ${min} to ${row.max}`;
  if (row.max !== undefined) return ` of at most ${row.max}`;
  if (min === undefined) return "";
  return row.type === "seconds" ? `, ${min} or more` : ` of at least ${min}`;
}

/** No length of time among the settings may be negative. */
function leastOf(row: SettingRow): number | undefined {
  return row.min ?? (row.type === "seconds" ? 0 : undefined);
}

const schemas = new Map<SettingKey, v.GenericSchema>();

function schemaOf(key: SettingKey, row: SettingRow): v.GenericSchema {
  const known = schemas.get(key);
  if (known) return known;
  const base: v.GenericSchema = row.type === "choice" ? v.picklist(row.choices ?? []) : kinds[row.type].schema;
  const bounded = v.pipe(
    base,
    v.check((value) => isWithin(row, value)),
  );
  const schema = isNullable(row) ? v.nullable(bounded) : bounded;
  schemas.set(key, schema);
  return schema;
}

function isWithin(row: SettingRow, value: unknown): boolean {
  if (typeof value !== "number") return true;
  return value >= (leastOf(row) ?? Number.NEGATIVE_INFINITY) && value <= (row.max ?? Number.POSITIVE_INFINITY);
}
