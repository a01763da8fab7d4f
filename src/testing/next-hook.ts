// Waiting for something to happen, in place of sleeping until it probably has.
import type { Celeriac } from "../app/celeriac.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { HookMap, HookName } from "../hooks/hook-map.ts";
import { type Duration, durationMs } from "../util/duration.ts";
import { systemClock } from "../util/clock.ts";
import { createDeferred } from "../util/deferred.ts";

/** Which of the things that happen is waited for, and how long. */
export interface NextHookOptions<Name extends HookName> {
  /** Only from this sender: for most hooks the name of a task. @default from any */
  readonly sender?: string | undefined;
  /** Only where this is true of what happened. @default any */
  readonly where?: ((payload: HookMap[Name]) => boolean) | undefined;
  /** Longest wait, in real time. @default "10s" */
  readonly timeout?: Duration | undefined;
}

/**
 * Resolves when a hook of the app is called next, with what its handlers are given. Ask before you do what makes it happen:
 * `const done = nextHook(app, "taskSuccess"); await add.delay(2, 3); await done;`
 * @throws UsageError where it did not happen in time
 */
export async function nextHook<Name extends HookName>(
  app: Celeriac,
  name: Name,
  options: NextHookOptions<Name> = {},
): Promise<HookMap[Name]> {
  const { sender, where = () => true, timeout = "10s" } = options;
  const timeoutMs = durationMs(timeout, "the option timeout of nextHook()");
  const happened = createDeferred<HookMap[Name]>();
  // A handler of its own for each wait, so that two waits for the same are two registrations.
  const handler = (payload: HookMap[Name]): void => {
    if (where(payload)) happened.resolve(payload);
  };
  const remove = app.on(name, handler, sender === undefined ? {} : { sender });
  const timer = systemClock.setTimer(() => happened.reject(tooLate(name, sender, timeoutMs)), timeoutMs);
  try {
    return await happened.promise;
  } finally {
    timer.cancel();
    remove();
  }
}

function tooLate(name: HookName, sender: string | undefined, timeoutMs: number): UsageError {
  const from = sender === undefined ? "" : ` from ${JSON.stringify(sender)}`;
  return new UsageError("CELERIAC_USAGE", {
    message: `expected the hook ${name}${from} to be called within ${timeoutMs / 1000} s, and it was not`,
  });
}
