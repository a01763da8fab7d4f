import { type Command, Option } from "commander";
import type { CeleriacApp } from "../../app/celeriac.ts";
import type { Duration } from "../../util/duration.ts";
import type { CliContext } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { duration, name } from "../option-values.ts";
import { printResult } from "../render/result.ts";

interface ResultFlags {
  readonly task?: string;
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
    .option(
      "-t, --task <name>",
      "name of the task, as Celery's command takes it; an app has one result backend, so that it changes nothing",
      name,
    )
    .addOption(new Option("--timeout <time>", "wait so long at most").argParser(duration))
    .option("-j, --json", "print JSON")
    .action((id: string, flags: ResultFlags) => context.withApp(({ app }) => runResult(context, app, id, flags)));
}

async function runResult(context: CliContext, app: CeleriacApp, id: string, flags: ResultFlags): Promise<void> {
  const { timeout, json = false, traceback = false } = flags;
  const ok = await printResult(context, app.AsyncResult(id), { timeout, json, traceback });
  if (!ok) context.setExitCode(exitCodes.failure);
}
