import { parseIsoTime } from "../../util/iso-time.ts";
import type { Execution } from "../execution.ts";

/** Ends the run of a task that expired while it waited for its turn. */
export function checkExpiry(execution: Execution): void {
  const { expires } = execution.request.headers;
  if (expires === null || execution.ending) return;
  const at = typeof expires === "number" ? expires * 1000 : parseIsoTime(expires)?.epochMs;
  if (at !== undefined && at <= execution.host.clock.now()) execution.ending = { kind: "expired" };
}
