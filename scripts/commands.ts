// Running a command from a script: its output is shown, and a failure says which command it was.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command of the repository, its output shown as it comes; gives its exit code. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): number {
  const result = spawnSync(command, args, { cwd: options.cwd ?? root, env: options.env ?? process.env, stdio: "inherit" });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Refuses to go on under a Node that the package does not support, with a sentence. */
export function requireSupportedNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 15)) return;
  console.error(
    `Celeriac needs Node 24.15 or newer, got ${process.version}. Run scripts through npm: the repository brings its own Node as a dependency.`,
  );
  process.exit(1);
}
