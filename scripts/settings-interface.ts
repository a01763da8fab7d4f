// Renders src/config/settings.ts from the settings table. Editors show a property's own comment, so the types are written out
// with the rows' sentences in place of being mapped; a type test holds them equal to what the rows infer.
import type { SettingRow } from "../src/config/setting-row.ts";
import { isNullable } from "../src/config/read-setting.ts";
import { celeryNameOf } from "../src/config/setting-names.ts";
import { rowOf, settingGroups, type SettingKey } from "../src/config/settings-table.ts";
import { showValue } from "../src/config/show-value.ts";

const HEADER = `// Generated from src/config/options/ by scripts/write-settings-interface.ts. Change a row there and run the script.
/* oxlint-disable max-lines -- two interfaces with every setting in them, written by a program */
import type { Given, Resolved } from "./kinds.ts";
`;

/** The text of src/config/settings.ts. */
export function renderSettingsInterface(): string {
  return [HEADER, renderGiven(), renderResolved()].join("\n");
}

function renderGiven(): string {
  const properties = everyKey((key, row) => `${comment(key, row)}\n  readonly ${key}?: ${typeOf(row, "Given")} | undefined;`);
  return `/** The settings that a user may give; whatever is absent or undefined has its default. */\nexport interface Settings {\n${properties}\n}\n`;
}

function renderResolved(): string {
  const properties = everyKey((key, row) => `${comment(key, row)}\n  readonly ${key}: ${typeOf(row, "Resolved")};`);
  return `/** All settings with their values in final form: durations in seconds, lists as lists. Frozen. */\nexport interface ResolvedSettings {\n${properties}\n}\n`;
}

function everyKey(render: (key: SettingKey, row: SettingRow) => string): string {
  return settingGroups.flatMap((group) => group.keys.map((key) => render(key, rowOf(key)))).join("\n");
}

function comment(key: SettingKey, row: SettingRow): string {
  const lines = [row.doc];
  if (row.celeryName !== null) lines.push(`Celery's name: \`${celeryNameOf(key)}\`.`);
  if (row.effect !== "yes") lines.push(`No effect yet: ${row.effect.slice("none yet: ".length)}.`);
  lines.push(`@default ${showValue(row.default)}`);
  if (row.deprecated !== undefined) lines.push(`@deprecated ${row.deprecated}`);
  return ["  /**", ...lines.map((line) => `   * ${line.replaceAll("*/", "*\\/")}`), "   */"].join("\n");
}

const PLAIN: Readonly<Record<string, string>> = {
  text: "string",
  timezone: "string",
  boolean: "boolean",
  integer: "number",
  number: "number",
};

function typeOf(row: SettingRow, stage: "Given" | "Resolved"): string {
  const base =
    row.type === "choice"
      ? (row.choices ?? []).map((choice) => JSON.stringify(choice)).join(" | ")
      : (PLAIN[row.type] ?? (row.type === "seconds" && stage === "Resolved" ? "number" : `${stage}["${row.type}"]`));
  return isNullable(row) ? `${base} | null` : base;
}
