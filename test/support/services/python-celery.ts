import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { provided } from "./service-context.ts";

/** The path of a Python that imports celery and redis. */
export function pythonCelery(): string {
  return provided("celeriacPython");
}

/** Runs a Python program; resolves to what it printed, and rejects with its traceback. */
export async function runPython(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(pythonCelery(), ["-c", program, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
