// Reads the command line and runs the command. Usage errors exit 2, an app that cannot be imported 1; what went wrong is one sentence on
// standard error, with a stack only where it is a fault of ours.
import { CommanderError } from "commander";
import { CeleriacError, UsageError } from "../errors/celeriac-error.ts";
import type { CliProcess } from "./cli-context.ts";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";

/** Runs a command line; resolves to what the process is to exit with. Never rejects. */
export async function main(argv: readonly string[], process: CliProcess): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(process, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, process);
  }
}

function report(error: unknown, { stderr }: CliProcess): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(error instanceof CeleriacError)) {
    stderr.write(`celeriac: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.failure;
  }
  stderr.write(`celeriac: ${error.message}\n`);
  if (error.code === "CELERIAC_APP_IMPORT_FAILED") stderr.write(`${importHint(error)}\n`);
  return error instanceof UsageError && error.code === "CELERIAC_USAGE" ? exitCodes.usage : exitCodes.failure;
}

/** Where the user's own module threw, its stack says more than any sentence of ours. */
function importHint(error: CeleriacError): string {
  const stack = error.cause instanceof Error ? error.cause.stack : undefined;
  return `${stack === undefined ? "" : `\n${stack}\n\n`}Hint: -A takes the file that exports the app, such as \`celeriac -A ./tasks.ts worker\`; try \`node\` on that file alone.`;
}
