// Programs that tests need: found where they usually are, else installed where that is possible without asking (root with apt-get).
import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A program, and the Debian packages that bring it. */
export interface WantedProgram {
  /** What to call it in an error. */
  readonly what: string;
  /** Gives its path, if it is there. */
  find(): string | undefined;
  readonly packages: readonly string[];
}

/** The path of a program by its name, in PATH and in the folders where servers are kept. */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env["PATH"] ?? "").split(path.delimiter),
    "/usr/local/bin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/sbin",
    "/opt/homebrew/bin",
  ];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** Whether a file may be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // The answer that was asked for.
  }
}

/** The path of a program, which is installed if it is not there. Throws one sentence that says what to do where it cannot be. */
export function findOrInstall(program: WantedProgram): string {
  const found = program.find() ?? (installWithApt(program.packages) ? program.find() : undefined);
  if (found !== undefined) return found;
  throw new Error(
    `the tests need ${program.what}, which is neither running nor installed and cannot be installed here; install ${program.packages.join(" ")}, ` +
      `or give its URL (CELERIAC_TEST_REDIS_URL, CELERIAC_TEST_AMQP_URL) or path (CELERIAC_TEST_PYTHON), or run: npm run test:embedded, which needs no service`,
  );
}

const POLICY = "/usr/sbin/policy-rc.d";

function installWithApt(packages: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || findProgram("apt-get") === undefined) return false;
  process.stderr.write(`installing ${packages.join(" ")} with apt-get, for the tests\n`);
  // Debian starts the servers that it installs, unless this file forbids it.
  const forbids = !existsSync(POLICY);
  if (forbids) {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
    chmodSync(POLICY, 0o755);
  }
  try {
    aptGet("update");
    return aptGet("install", "-y", "--no-install-recommends", ...packages);
  } finally {
    if (forbids) rmSync(POLICY, { force: true });
  }
}

function aptGet(...args: readonly string[]): boolean {
  const run = spawnSync("apt-get", args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return run.status === 0;
}
