import type { PoolLog } from "./contract.ts";

/** Says a line to whoever listens. Where nobody does, warnings and errors become warnings of the process: nothing is lost silently. */
export function sayLog(onLog: ((line: PoolLog) => void) | undefined, line: PoolLog): void {
  if (onLog) onLog(line);
  else if (line.level !== "info") process.emitWarning(`${line.message} (pid ${line.pid})`, "CeleriacPoolWarning");
}
