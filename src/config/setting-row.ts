import type { KindName } from "./kinds.ts";

/** Whether the program acts on a setting yet, and otherwise what it waits for. */
export type Effect = "yes" | `none yet: ${string}`;

/** One row of the settings table: all that there is to know of a setting. Its key in the table is our name of it. */
export interface SettingRow {
  /** Celery's name of it, or null where Celery has no such setting. */
  readonly celeryName: string | null;
  /** Its name in Celery 3, or null where it had none. */
  readonly oldName: string | null;
  /** The kind of its value: one of {@link KindName}, or one of the `choices`. */
  readonly type: KindName | "choice";
  /** What it may be, where its type is `"choice"`. */
  readonly choices?: readonly (string | number)[];
  /** Its least value. Durations and `"integer"` with no `min`: durations are never below 0, other numbers may be. */
  readonly min?: number;
  /** Its greatest value. */
  readonly max?: number;
  /** Whether null may be given; always true where the default is null. */
  readonly nullable?: true;
  /** Its value where nobody gives one. */
  readonly default: unknown;
  /** Celery's default, where ours differs on purpose; `celeryDefaults: true` brings it back. */
  readonly celeryDefault?: unknown;
  /** Celery's default, where it is the path of a Python class and ours means the same. */
  readonly celeryEquivalent?: string;
  /** What it does, in one sentence, with its unit. */
  readonly doc: string;
  /** Environment variables that set it, besides the one named after it. */
  readonly env: readonly string[];
  /** Whether it has an effect yet. */
  readonly effect: Effect;
  /** What to use in its place, where it is on its way out. */
  readonly deprecated?: string;
}
