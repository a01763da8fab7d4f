// The settings of one app over its life. A value is read as a plain property of `settings`, a frozen object that each change replaces;
// a change that is refused leaves everything as it was.
import { isDeepStrictEqual } from "node:util";
import { censor } from "./censor.ts";
import { freezeCopy } from "./freeze-copy.ts";
import type { Origin } from "./origin.ts";
import { defaultOf, type Resolution, resolveSettings, type ResolveOptions, type SettingsSource } from "./resolve-settings.ts";
import { celeryNameOf, findSetting } from "./setting-names.ts";
import type { ResolvedSettings, Settings } from "./settings.ts";
import { rowOf, type SettingKey, settingKeys } from "./settings-table.ts";
import { plainValue, showValue } from "./show-value.ts";

/** What of the settings is shown, and how. */
export interface TableOptions {
  /** Whether settings that nobody changed are in it. @default false */
  readonly withDefaults?: boolean;
  /** Whether passwords, keys and other secrets are hidden. @default true */
  readonly censored?: boolean;
  /** Whose names the settings have; Celery's monitors expect Celery's. @default "celeriac" */
  readonly names?: "celeriac" | "celery";
}

/** The settings of an app: what they are, where they come from, and how they change. */
export class Configuration {
  #sources: readonly SettingsSource[];
  readonly #options: ResolveOptions;
  #configured: boolean;
  #resolution: Resolution;

  /** @throws ConfigError with every problem of every source */
  constructor(sources: readonly SettingsSource[] = [], options: ResolveOptions = {}) {
    this.#sources = sources.map(takeSource);
    this.#options = options;
    this.#configured = sources.some((source) => source.kind === "file");
    this.#resolution = resolveSettings(this.#sources, options);
  }

  /** All settings as they are now. Take it anew after a change: the object itself never changes. */
  get settings(): ResolvedSettings {
    return this.#resolution.settings;
  }

  /** Sentences for the log about what works and should still be changed, such as names of Celery 3. */
  get warnings(): readonly string[] {
    return this.#resolution.warnings;
  }

  /** The value of one setting. */
  get<Key extends SettingKey>(key: Key): ResolvedSettings[Key] {
    return this.#resolution.settings[key];
  }

  /**
   * Changes settings at run time; they win over every other source, a file that is read later included.
   * @throws ConfigError where a change is refused; nothing is changed then
   */
  update(changes: Settings | Readonly<Record<string, unknown>>): void {
    const source = takeSource({ kind: "runtime", values: changes });
    this.#replace([...this.#sources, source]);
    this.#sources = withChange(this.#sources.slice(0, -1), source);
  }

  /**
   * Takes the settings of a configuration file or object, in place of those of an earlier one. Doing it a second time also
   * forgets the changes made at run time before.
   */
  configure(values: object, options: { readonly name?: string; readonly namespace?: string } = {}): void {
    const kept = this.#sources.filter((source) => source.kind !== "file" && !(this.#configured && source.kind === "runtime"));
    this.#replace([...kept, takeSource({ kind: "file", values, ...options })]);
    this.#configured = true;
  }

  /** Adds defaults, which win over the built-in ones and lose to everything else. */
  addDefaults(values: Settings | Readonly<Record<string, unknown>>): void {
    this.#replace([takeSource({ kind: "defaults", values }), ...this.#sources]);
  }

  /** Where the value of a setting comes from. */
  sourceOf(key: SettingKey): Origin {
    return this.#resolution.origins.get(key) ?? { kind: "default", name: null, spelling: key };
  }

  /** The settings that somebody gave, without those that have their defaults because nobody did. */
  changed(): Partial<ResolvedSettings> {
    const { settings } = this;
    return Object.fromEntries(this.#givenKeys().map((key) => [key, settings[key]])) as Partial<ResolvedSettings>; // pairs of a key and its own value
  }

  /** The settings as plain data that JSON can hold. */
  table(options: TableOptions = {}): Readonly<Record<string, unknown>> {
    const { withDefaults = false, censored = true, names = "celeriac" } = options;
    const keys = withDefaults ? settingKeys : this.#givenKeys();
    return Object.fromEntries(
      keys.map((key) => {
        const value = this.settings[key];
        return [names === "celery" ? celeryNameOf(key) : key, plainValue(censored ? censor(celeryNameOf(key), value) : value)];
      }),
    );
  }

  /** The settings as text, one a line. */
  humanize(options: TableOptions = {}): string {
    return Object.entries(this.table(options))
      .map(([name, value]) => `${name}: ${showValue(value)}`)
      .join("\n");
  }

  /** The settings that somebody gave a value other than the default and that have no effect yet. */
  unused(): readonly SettingKey[] {
    const asCelery = this.settings.celeryDefaults;
    return this.#givenKeys().filter(
      (key) => rowOf(key).effect !== "yes" && !isDeepStrictEqual(this.settings[key], defaultOf(key, asCelery)),
    );
  }

  /** The names of the given settings in the order of the table. */
  #givenKeys(): readonly SettingKey[] {
    return settingKeys.filter((key) => this.#resolution.origins.has(key));
  }

  #replace(sources: readonly SettingsSource[]): void {
    this.#resolution = resolveSettings(sources, this.#options);
    this.#sources = sources;
  }
}

/** A source as it is now, without what is undefined, whatever the program does to its own object later. */
function takeSource(source: SettingsSource): SettingsSource {
  const given = Object.entries(source.values).filter(([, value]) => value !== undefined);
  return { ...source, values: freezeCopy(Object.fromEntries(given)) };
}

/** The sources with a change in them that was accepted: all changes are kept as one source, so that many do not add up. */
function withChange(sources: readonly SettingsSource[], change: SettingsSource): readonly SettingsSource[] {
  const changed = new Set(Object.keys(change.values).map((name) => findSetting(name)?.key));
  const earlier = sources.filter((source) => source.kind === "runtime").flatMap((source) => Object.entries(source.values));
  const kept = earlier.filter(([name]) => !changed.has(findSetting(name)?.key));
  const values = { ...Object.fromEntries(kept), ...change.values };
  return [...sources.filter((source) => source.kind !== "runtime"), { ...change, values }];
}

/** A setting without an effect, and what it waits for. */
export interface SettingWithoutEffect {
  /** Its name. */
  readonly key: SettingKey;
  /** What has to come before it can have an effect. */
  readonly waitsFor: string;
}

/** Every setting of the table that has no effect yet. */
export function settingsWithoutEffect(): readonly SettingWithoutEffect[] {
  return settingKeys.flatMap((key) => {
    const { effect } = rowOf(key);
    return effect === "yes" ? [] : [{ key, waitsFor: effect.slice("none yet: ".length) }];
  });
}
