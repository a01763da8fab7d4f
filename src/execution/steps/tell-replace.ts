import { callHandler } from "../call-handler.ts";
import type { Execution } from "../execution.ts";

/** Tells the task's handler what is about to take its place. */
export function tellReplace(execution: Execution): Promise<void> | undefined {
  const { ending, definition } = execution;
  const onReplace = definition?.handlers.onReplace;
  if (onReplace === undefined || ending?.kind !== "replace") return undefined;
  return callHandler(execution, "onReplace", (context) => onReplace.call(context, ending.replacement));
}
