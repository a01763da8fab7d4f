// Checked by the compiler alone: the written types are those that the rows infer.
import type { Configuration } from "./configuration.ts";
import type { ResolvedSettings, Settings } from "./settings.ts";
import type { GivenOf, ResolvedOf, SettingKey, settingsTable, SettingsTable } from "./settings-table.ts";
import type { SettingRow } from "./setting-row.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Holds<T extends true> = T;

/** Every property on its own, so that an error names the setting. */
type GivenDifferences = {
  [K in SettingKey]: Equal<Settings[K], GivenOf<SettingsTable[K]> | undefined> extends true ? never : K;
}[SettingKey];
type ResolvedDifferences = {
  [K in SettingKey]: Equal<ResolvedSettings[K], ResolvedOf<SettingsTable[K]>> extends true ? never : K;
}[SettingKey];

export type Checks = [
  Holds<Equal<GivenDifferences, never>>,
  Holds<Equal<ResolvedDifferences, never>>,
  Holds<Equal<keyof Settings, SettingKey>>,
  Holds<Equal<keyof ResolvedSettings, SettingKey>>,
  Holds<Equal<ResolvedSettings["taskTimeLimit"], number | null>>,
  Holds<Equal<ResolvedSettings["taskAcksLate"], boolean>>,
  Holds<Equal<ResolvedSettings["taskUnknown"], "reject" | "park">>,
  Holds<Equal<ResolvedSettings["taskProtocol"], 1 | 2>>,
  Holds<typeof settingsTable extends Readonly<Record<SettingKey, SettingRow>> ? true : false>,
];

export const accepted: Settings = { taskTimeLimit: "30s", brokerUrl: undefined, resultExpires: null, taskRoutes: { "a.*": "queue" } };

// @ts-expect-error a unit that does not exist
export const wrongUnit: Settings = { taskTimeLimit: "30 parsecs" };
// @ts-expect-error an unknown setting
export const unknown: Settings = { brokerUrll: "x" };
// @ts-expect-error not a choice
export const wrongChoice: Settings = { taskUnknown: "drop" };
// @ts-expect-error this one cannot be null
export const notNullable: Settings = { taskAcksLate: null };

export function readOnly(configuration: Configuration): void {
  // @ts-expect-error settings change through update()
  configuration.settings.taskAcksLate = false;
}
