import { type Command, Option } from "commander";
import type { Duration } from "../../util/duration.ts";
import type { CliContext } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { duration, name } from "../option-values.ts";
import { printResult } from "../render/result.ts";

interface ResultFlags {
  readonly traceback?: boolean;
  readonly timeout?: Duration;
  readonly json?: boolean;
}

/** Adds `celeriac result`. */
export function addResultCommand(program: Command, context: CliContext): void {
  program
    .command("result")
    .description("wait until a task has ended, and print its result; exit 1 where it failed")
    .argument("<id>", "id of the task", name)
    .option("--traceback", "print where it failed")
    .addOption(new Option("-t, --timeout <time>", "wait so long at most").argParser(duration))
    .option("-j, --json", "print JSON")
    .action((id: string, flags: ResultFlags) => runResult(context, id, flags));
}

async function runResult(context: CliContext, id: string, flags: ResultFlags): Promise<void> {
  const { app } = await context.loadApp();
  try {
    const ok = await printResult(context, app.AsyncResult(id), {
      timeout: flags.timeout,
      json: flags.json ?? false,
      traceback: flags.traceback ?? false,
    });
    if (!ok) context.setExitCode(exitCodes.failure);
  } finally {
    await app.close();
  }
}
