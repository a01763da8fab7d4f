// The result of a task as the command line shows it.
import type { AsyncResult } from "../../canvas/async-result.ts";
import { TimeoutError } from "../../errors/task-errors.ts";
import type { Duration } from "../../util/duration.ts";
import type { CliContext } from "../cli-context.ts";
import { renderValue } from "./value.ts";

/** How a result is shown. */
export interface ShowResult {
  readonly timeout: Duration | undefined;
  readonly json: boolean;
  readonly traceback: boolean;
}

/** Waits for a result and prints it: a value to standard output, a failure to standard error. @returns whether the task succeeded */
export async function printResult(context: CliContext, result: AsyncResult<unknown>, show: ShowResult): Promise<boolean> {
  let value: unknown;
  let failure: unknown;
  try {
    value = await result.get(show.timeout === undefined ? {} : { timeout: show.timeout });
  } catch (error) {
    if (error instanceof TimeoutError) throw error;
    failure = error;
  }
  const state = await result.state();
  if (show.json) {
    const error = failure === undefined ? {} : { error: { name: nameOf(failure), message: messageOf(failure) } };
    context.print(
      renderValue({
        id: result.id,
        state,
        ...(failure === undefined ? { result: value ?? null } : error),
        ...(show.traceback ? { traceback: await result.traceback() } : {}),
      }),
    );
  } else if (failure === undefined) {
    context.print(renderValue(value));
  } else {
    const traceback = show.traceback ? await result.traceback() : null;
    context.process.stderr.write(`${traceback ?? `${state}: ${nameOf(failure)}: ${messageOf(failure)}`}\n`);
  }
  return failure === undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
