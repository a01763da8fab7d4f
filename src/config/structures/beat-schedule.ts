import type { Duration } from "../../util/duration.ts";

/** One periodic task of the setting `beatSchedule`. */
export interface BeatEntry {
  /** Name of the task, or a signature. */
  readonly task: string | object;
  /** When it runs: each so many seconds, or a schedule such as what `crontab()` gives. */
  readonly schedule: Duration | object;
  /** Positional arguments. */
  readonly args?: readonly unknown[];
  /** Keyword arguments. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Options of `applyAsync`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Whether an interval counts from the start of beat, rounded to its unit. */
  readonly relative?: boolean;
}

/** The setting `beatSchedule`: periodic tasks by name. */
export type BeatSchedule = Readonly<Record<string, BeatEntry>>;
