import type { Celeriac } from "../app/celeriac.ts";

/** How calls are executed while an app is eager. */
export interface EagerOptions {
  /** Whether a call throws what its task throws; otherwise `get()` does. @default false */
  readonly propagates?: boolean | undefined;
}

/**
 * Lets an app execute calls where they are made, without broker and worker: `using _ = eager(app);` holds until the end of the block.
 * Retries run at once, and callbacks and chains with them. Arguments still go through the serializer.
 */
export function eager(app: Celeriac, options: EagerOptions = {}): Disposable {
  const { taskAlwaysEager, taskEagerPropagates } = app.conf;
  app.configure({ taskAlwaysEager: true, taskEagerPropagates: options.propagates ?? false });
  return { [Symbol.dispose]: () => app.configure({ taskAlwaysEager, taskEagerPropagates }) };
}
