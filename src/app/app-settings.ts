import type { Settings } from "../config/settings.ts";

/** Settings of an app, with the short names of the two that every app has. */
export interface AppSettings extends Settings {
  /** URL of the broker: `memory://`, `sqlite://file.db`, `redis://`, `amqp://`. The same as `brokerUrl`. @default "sqlite://celeriac.db" */
  readonly broker?: string | readonly string[] | undefined;
  /** URL of the result backend; `"disabled"` for none. The same as `resultBackend`. @default the broker's own, where it can keep results */
  readonly backend?: string | undefined;
}

/** The settings under their full names. */
export function fullNames({ broker, backend, ...settings }: AppSettings): Settings {
  return {
    ...settings,
    ...(broker === undefined ? {} : { brokerUrl: broker }),
    ...(backend === undefined ? {} : { resultBackend: backend }),
  };
}
