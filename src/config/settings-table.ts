// The one table of settings, put together of its groups. Types, checks, documentation, `celeriac report` and the environment all come from it.
import { beatOptions } from "./options/beat.ts";
import { brokerOptions } from "./options/broker.ts";
import { cacheOptions } from "./options/cache.ts";
import { cassandraOptions } from "./options/cassandra.ts";
import { cloudOptions } from "./options/cloud.ts";
import { controlOptions } from "./options/control.ts";
import { databaseOptions } from "./options/database.ts";
import { documentsOptions } from "./options/documents.ts";
import { eventOptions } from "./options/event.ts";
import { generalOptions } from "./options/general.ts";
import { redisOptions } from "./options/redis.ts";
import { resultOptions } from "./options/result.ts";
import { securityOptions } from "./options/security.ts";
import { taskOptions } from "./options/task.ts";
import { workerOptions } from "./options/worker.ts";
import type { Given, Resolved } from "./kinds.ts";
import type { SettingRow } from "./setting-row.ts";

/** The type of {@link settingsTable}: each setting with all that its row says, as literal types. */
export type SettingsTable = typeof generalOptions &
  typeof brokerOptions &
  typeof taskOptions &
  typeof resultOptions &
  typeof workerOptions &
  typeof beatOptions &
  typeof eventOptions &
  typeof controlOptions &
  typeof securityOptions &
  typeof redisOptions &
  typeof databaseOptions &
  typeof cacheOptions &
  typeof cassandraOptions &
  typeof documentsOptions &
  typeof cloudOptions;

/** Every setting by its name. */
export const settingsTable: SettingsTable = {
  ...generalOptions,
  ...brokerOptions,
  ...taskOptions,
  ...resultOptions,
  ...workerOptions,
  ...beatOptions,
  ...eventOptions,
  ...controlOptions,
  ...securityOptions,
  ...redisOptions,
  ...databaseOptions,
  ...cacheOptions,
  ...cassandraOptions,
  ...documentsOptions,
  ...cloudOptions,
};

/** The name of a setting, such as `"taskAcksLate"`. */
export type SettingKey = keyof SettingsTable;

/** The names of all settings, in the order of the table. */
export const settingKeys: readonly SettingKey[] = Object.keys(settingsTable) as SettingKey[]; // keys of a literal are its names

const rows: Readonly<Record<SettingKey, SettingRow>> = settingsTable;

/** The row of a setting. */
export function rowOf(key: SettingKey): SettingRow {
  return rows[key];
}

/** Whether a text is our name of a setting. */
export function isSettingKey(name: string): name is SettingKey {
  return Object.hasOwn(settingsTable, name);
}

/** A group of settings, as the documentation shows them. */
export interface SettingGroup {
  /** Its heading. */
  readonly title: string;
  /** The names of its settings. */
  readonly keys: readonly SettingKey[];
}

const groups = {
  General: generalOptions,
  Broker: brokerOptions,
  Tasks: taskOptions,
  Results: resultOptions,
  Worker: workerOptions,
  Beat: beatOptions,
  Events: eventOptions,
  "Remote control": controlOptions,
  Security: securityOptions,
  "Redis backend": redisOptions,
  "SQL backends": databaseOptions,
  "Cache backend": cacheOptions,
  "Cassandra backend": cassandraOptions,
  "Document store backends": documentsOptions,
  "Cloud backends": cloudOptions,
};

/** The settings in their groups, the most used groups first. */
export const settingGroups: readonly SettingGroup[] = Object.entries(groups).map(([title, options]) => ({
  title,
  keys: Object.keys(options) as SettingKey[], // keys of a literal are its names
}));

type NullOf<Row> = Row extends { readonly default: null } | { readonly nullable: true } ? null : never;

/** The values that may be given for the setting of a row. */
export type GivenOf<Row> =
  | (Row extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : Row extends { readonly type: infer Kind extends keyof Given }
        ? Given[Kind]
        : never)
  | NullOf<Row>;

/** The values that the program gets for the setting of a row. */
export type ResolvedOf<Row> =
  | (Row extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : Row extends { readonly type: infer Kind extends keyof Resolved }
        ? Resolved[Kind]
        : never)
  | NullOf<Row>;
