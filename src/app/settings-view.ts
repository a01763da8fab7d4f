import type { ResolvedSettings } from "../config/settings.ts";

/** The settings that queues and routes are made of. */
const READ: readonly (keyof ResolvedSettings)[] = [
  "taskQueues",
  "taskRoutes",
  "taskDefaultQueue",
  "taskDefaultExchange",
  "taskDefaultExchangeType",
  "taskDefaultRoutingKey",
  "taskQueueMaxPriority",
  "taskCreateMissingQueues",
  "taskCreateMissingQueueExchangeType",
];

/** Something made of settings, made anew when those change. */
export class SettingsView<T> {
  readonly #settings: () => ResolvedSettings;
  readonly #make: (settings: ResolvedSettings) => T;
  #of: ResolvedSettings | undefined;
  #value: T | undefined;

  constructor(settings: () => ResolvedSettings, make: (settings: ResolvedSettings) => T) {
    this.#settings = settings;
    this.#make = make;
  }

  /** What the settings come to now. */
  get value(): T {
    const settings = this.#settings();
    if (this.#of !== settings || this.#value === undefined) {
      const before = this.#of;
      const same = before !== undefined && READ.every((key) => before[key] === settings[key]);
      if (!same || this.#value === undefined) this.#value = this.#make(settings);
      this.#of = settings;
    }
    return this.#value;
  }
}
