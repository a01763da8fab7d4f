// Puts the sources of settings together. What a program changes at run time wins over the command line, that over the environment,
// that over what the app was given, that over a configuration file, that over defaults which a library adds, that over the built-in ones.
// Every problem of every source is found before anything is refused. Reads nothing itself: sources and environment are given.
import { isDeepStrictEqual } from "node:util";
import { ConfigError } from "../errors/celeriac-error.ts";
import { readEnvironment } from "./environment.ts";
import { freezeCopy } from "./freeze-copy.ts";
import type { GivenValue, Origin, SourceKind } from "./origin.ts";
import { readSetting } from "./read-setting.ts";
import { checkRelations } from "./relations.ts";
import { findSetting, suggestSetting } from "./setting-names.ts";
import type { ResolvedSettings } from "./settings.ts";
import { rowOf, type SettingKey, settingKeys } from "./settings-table.ts";
import { showValue } from "./show-value.ts";
import { censor } from "./censor.ts";

const RANKS: Readonly<Record<SourceKind, number>> = { defaults: 0, file: 1, given: 2, env: 3, cli: 4, runtime: 5 };

/** Settings from one place, under any of their spellings. */
export interface SettingsSource {
  /** What kind of place it is. Of two sources of one kind the later wins. */
  readonly kind: Exclude<SourceKind, "env">;
  /** The values by name; undefined counts as absent. */
  readonly values: object;
  /** Name of the place, such as a file, for messages. */
  readonly name?: string;
  /** Takes only names that begin with this and `_`, without it: `"CELERY"` in settings shared with other programs. */
  readonly namespace?: string;
}

/** What {@link resolveSettings} gives. */
export interface Resolution {
  /** All settings, frozen. */
  readonly settings: ResolvedSettings;
  /** Where each setting that somebody gave comes from. */
  readonly origins: ReadonlyMap<SettingKey, Origin>;
  /** Sentences about what works and should still be changed: old names, settings on their way out, likely slips. */
  readonly warnings: readonly string[];
}

/** What {@link resolveSettings} needs besides the sources. */
export interface ResolveOptions {
  /** The environment; none is read where it is absent. @default {} */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * All settings from their sources.
 * @throws ConfigError with every problem of every source
 */
export function resolveSettings(sources: readonly SettingsSource[], options: ResolveOptions = {}): Resolution {
  const problems: string[] = [];
  const warnings: string[] = [];
  const given = new Map<SettingKey, GivenValue>();
  const env = options.env ?? {};
  const layers = [...sources, { kind: "env" as const }].toSorted((a, b) => RANKS[a.kind] - RANKS[b.kind]);
  for (const layer of layers) {
    const values = layer.kind === "env" ? readEnvironment(env, problems, warnings) : readSource(layer, problems, warnings);
    for (const [key, value] of values) given.set(key, value);
  }
  warnAboutDeprecated(given, warnings);
  const settings = buildSettings(given);
  // Relations between values that are wrong themselves would only add noise.
  if (problems.length === 0) checkRelations(settings, problems, warnings);
  if (problems.length > 0) throw new ConfigError("CELERIAC_CONFIG_INVALID", { problems });
  return { settings, origins: new Map([...given].map(([key, { origin }]) => [key, origin])), warnings };
}

/** The values of one source by setting. */
function readSource(source: SettingsSource, problems: string[], warnings: string[]): Map<SettingKey, GivenValue> {
  const read = new Map<SettingKey, GivenValue>();
  const place = source.name === undefined ? "" : ` (in ${source.name})`;
  for (const [spelling, raw] of Object.entries(source.values)) {
    const name = withoutNamespace(spelling, source.namespace);
    if (name === undefined || raw === undefined) continue;
    const found = findSetting(name);
    if (!found) {
      const near = suggestSetting(name);
      problems.push(
        `no setting is called ${JSON.stringify(spelling)}${near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`}${place}`,
      );
      continue;
    }
    const { key } = found;
    const result = readSetting(key, raw, spelling === key ? key : `${spelling} (the setting ${key})`);
    if ("problem" in result) {
      problems.push(`${result.problem}${place}`);
      continue;
    }
    const before = read.get(key);
    if (before && !isDeepStrictEqual(before.value, result.value)) {
      const [one, other] = [before.value, result.value].map((value) => showValue(censor(key, value)));
      problems.push(
        `the setting ${key} is given twice with different values: ${before.origin.spelling} is ${one} and ${spelling} is ${other}; keep one${place}`,
      );
      continue;
    }
    if (found.old) warnings.push(`${spelling} is a name of Celery 3; write ${key} in its place${place}`);
    read.set(key, { value: result.value, origin: { kind: source.kind, name: source.name ?? null, spelling } });
  }
  return read;
}

function withoutNamespace(spelling: string, namespace: string | undefined): string | undefined {
  if (namespace === undefined) return spelling;
  const prefix = `${namespace}_`;
  return spelling.startsWith(prefix) ? spelling.slice(prefix.length) : undefined;
}

function warnAboutDeprecated(given: ReadonlyMap<SettingKey, GivenValue>, warnings: string[]): void {
  for (const key of given.keys()) {
    const { deprecated } = rowOf(key);
    if (deprecated !== undefined) warnings.push(`the setting ${key} is on its way out. ${deprecated}`);
  }
}

function buildSettings(given: ReadonlyMap<SettingKey, GivenValue>): ResolvedSettings {
  const asCelery = given.get("celeryDefaults")?.value === true;
  const settings: Partial<Record<SettingKey, unknown>> = {};
  for (const key of settingKeys) {
    const value = given.get(key);
    settings[key] = value ? value.value : defaultOf(key, asCelery);
  }
  return layOutForReads(Object.freeze(settings) as ResolvedSettings); // every value went through the schema of its row, or is its default
}

/**
 * V8 keeps an object with so many assigned properties as a hash table, whose reads cost 6 ns each; an object that is
 * the prototype of another is laid out for reads, which then cost 1 ns.
 */
function layOutForReads(settings: ResolvedSettings): ResolvedSettings {
  Object.create(settings);
  return settings;
}

/** The value of a setting that nobody gives. */
export function defaultOf(key: SettingKey, asCelery: boolean): unknown {
  const row = rowOf(key);
  return freezeCopy(asCelery && "celeryDefault" in row ? row.celeryDefault : row.default);
}
