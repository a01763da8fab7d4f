// Running a task, as a list of steps over one record. Each step does one thing and leaves what it learned on the record; a step that
// finds the ending already known has nothing to do. Whatever a step throws before the outcome is known ends the task as a failure.
import { type Execution, known } from "./execution.ts";
import type { ExecutionOutcome } from "./execution-outcome.ts";
import { type MaybePromise, type PipelineStep, runSteps } from "./maybe-promise.ts";
import { announce } from "./steps/announce.ts";
import { bind } from "./steps/bind.ts";
import { checkExpiry } from "./steps/check-expiry.ts";
import { conclude } from "./steps/conclude.ts";
import { decode } from "./steps/decode.ts";
import { failure, invoke } from "./steps/invoke.ts";
import { notify } from "./steps/notify.ts";

/** Up to the ending of the body. */
const RUN: readonly PipelineStep<Execution>[] = [decode, checkExpiry, bind, announce, invoke];

/** From the ending to the outcome, and to those who want to know. */
const END: readonly PipelineStep<Execution>[] = [conclude, notify];

/** Passes a record through all steps. Synchronous where the task is. */
export function runTask(execution: Execution): MaybePromise<ExecutionOutcome> {
  const fail = (error: unknown): void => {
    execution.ending = failure(execution, error);
  };
  try {
    const running = runSteps(execution, RUN);
    if (running !== undefined) return running.catch(fail).then(() => end(execution));
  } catch (error) {
    fail(error);
  }
  return end(execution);
}

function end(execution: Execution): MaybePromise<ExecutionOutcome> {
  const ending = runSteps(execution, END);
  return ending === undefined ? known(execution.outcome, "the outcome") : ending.then(() => known(execution.outcome, "the outcome"));
}
