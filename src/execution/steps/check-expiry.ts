import { expiresAt } from "../../protocol/expires-at.ts";
import type { Execution } from "../execution.ts";

/** Ends the run of a task that expired while it waited for its turn. */
export function checkExpiry(execution: Execution): void {
  const { expires } = execution.request.headers;
  if (expires === null || execution.ending) return;
  if (expiresAt(expires) <= execution.host.clock.now()) execution.ending = { kind: "expired" };
}
