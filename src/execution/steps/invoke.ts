import { TaskDirective } from "../../errors/directives.ts";
import { autoretryFor, matchesError } from "../autoretry.ts";
import { runInTask } from "../current-task.ts";
import type { Clock } from "../../util/clock.ts";
import { type Ending, type Execution, known, type RetryResend } from "../execution.ts";
import { isPromiseLike } from "../maybe-promise.ts";
import { Replace } from "../replace-directive.ts";
import type { RunningTaskContext } from "../running-task-context.ts";

/** Runs the body. What it gives or throws becomes the ending; this step itself never throws. */
export function invoke(execution: Execution): void | Promise<void> {
  if (execution.ending) return;
  const context = known(execution.context, "the context");
  const { run } = known(execution.definition, "the task");
  const args = known(execution.bound, "the arguments") as readonly never[];
  execution.startedAt = execution.host.clock.monotonic();
  try {
    const value = runInTask(context, () => run.apply(context, args as never[]));
    if (!isPromiseLike(value)) {
      finish(execution, { kind: "success", value });
      return;
    }
    return Promise.resolve(value).then(
      (result) => finish(execution, { kind: "success", value: result }),
      (error: unknown) => finish(execution, endingOf(execution, context, error)),
    );
  } catch (error) {
    finish(execution, endingOf(execution, context, error));
  }
}

function finish(execution: Execution, ending: Ending): void {
  execution.runtime = (execution.host.clock.monotonic() - execution.startedAt) / 1000;
  execution.ending = ending;
}

/** What a thrown value means: an instruction, a failure that is retried, or a failure. */
function endingOf(execution: Execution, context: RunningTaskContext, thrown: unknown): Ending {
  if (TaskDirective.is(thrown)) return directiveEnding(execution, thrown);
  const { options } = known(execution.definition, "the task");
  const again = options.autoretry && autoretryFor(options.autoretry, thrown, context.request.retries);
  if (!again) return failure(execution, thrown);
  try {
    return directiveEnding(execution, context.retry(again));
  } catch (exhausted) {
    return failure(execution, exhausted);
  }
}

/** The ending that an error makes of a task. */
export function failure(execution: Execution, error: unknown): Ending {
  const throws = execution.definition?.options.throws ?? [];
  return { kind: "failure", error, expected: throws.length > 0 && matchesError(error, throws) };
}

function directiveEnding(execution: Execution, directive: TaskDirective): Ending {
  if (directive instanceof Replace) return { kind: "replace", replacement: directive.replacement };
  switch (directive.kind) {
    case "ignore":
      return { kind: "ignore" };
    case "reject": {
      const { reason, requeue } = directive as TaskDirective & { readonly reason: unknown; readonly requeue: boolean };
      return { kind: "reject", reason, requeue };
    }
    case "retry": {
      const { reason, resend, when } = directive as TaskDirective & {
        readonly reason: unknown;
        readonly resend: unknown;
        readonly when: Date | number | null;
      };
      if (resend === undefined)
        return {
          kind: "failure",
          error: new Error("a Retry was thrown that retry() did not make: throw this.retry(...) or task.retry(...)", { cause: directive }),
          expected: false,
        };
      return { kind: "retry", reason, resend: resend as RetryResend, inSeconds: secondsUntil(when, execution.host.clock) };
    }
  }
}

function secondsUntil(when: Date | number | null, clock: Clock): number {
  return when instanceof Date ? Math.max(0, (when.getTime() - clock.now()) / 1000) : (when ?? 0);
}
