import type { TaskState } from "../protocol/states.ts";
import type { Execution } from "./execution.ts";
import { metaOf } from "./result-document.ts";

/** Sends a state on the way to whoever stores it, in order with the final one. Throws where its meta cannot be written. */
export function storeState(execution: Execution, status: TaskState, meta: unknown): void {
  if (execution.taskRequest?.ignoreResult) return;
  execution.control.onState({ kind: "state", status, document: execution.host.encodeMeta(metaOf(execution, status, meta)) });
}
