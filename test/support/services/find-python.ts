import { spawnSync } from "node:child_process";
import { findProgram, isExecutable } from "./find-or-install.ts";

/** A Python that imports celery and redis: the one that CELERIAC_TEST_PYTHON names, the system's, or the first in PATH. */
export function findPythonCelery(): string | undefined {
  const candidates = [process.env["CELERIAC_TEST_PYTHON"], "/usr/bin/python3", findProgram("python3"), findProgram("python")];
  return candidates.find((file) => file !== undefined && isExecutable(file) && imports(file));
}

function imports(python: string): boolean {
  return spawnSync(python, ["-c", "import celery, redis"], { stdio: "ignore" }).status === 0;
}
