import { type Command, Option } from "commander";
import type { CeleriacApp } from "../../app/celeriac.ts";
import type { Duration } from "../../util/duration.ts";
import type { CliContext } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { date, duration, durationOrDate, json, name as nonEmpty, wholeNumber } from "../option-values.ts";
import { printResult } from "../render/result.ts";

interface CallFlags {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly eta?: Date;
  readonly countdown?: Duration;
  readonly expires?: Duration | Date;
  readonly serializer?: string;
  readonly queue?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly priority?: number;
  readonly wait?: boolean;
  readonly timeout?: Duration;
  readonly json?: boolean;
}

/** Adds `celeriac call`. */
export function addCallCommand(program: Command, context: CliContext): void {
  program
    .command("call")
    .description("send a task, and print its id")
    .argument("<name>", "name of the task", nonEmpty)
    .addOption(new Option("-a, --args <json>", "positional arguments, such as '[2, 3]'").argParser(json("array")))
    .addOption(new Option("-k, --kwargs <json>", "keyword arguments, such as '{\"x\": 2}'").argParser(json("object")))
    .addOption(new Option("--eta <time>", "do not run it before then").argParser(date))
    .addOption(new Option("--countdown <time>", "do not run it before so long").argParser(duration))
    .addOption(new Option("--expires <time>", "do not run it after so long, or after then").argParser(durationOrDate))
    .option("--serializer <name>", "how its arguments are written")
    .option("--queue <name>", "the queue that it goes to")
    .option("--exchange <name>", "the exchange that it goes to")
    .option("--routing-key <key>", "its routing key")
    .addOption(new Option("--priority <number>", "a higher one is served first").argParser(wholeNumber))
    .option("-w, --wait", "wait until it has ended, and print its result in place of its id; exit 1 where it failed")
    .addOption(new Option("-t, --timeout <time>", "wait so long at most").argParser(duration))
    .option("-j, --json", "print JSON")
    .action((name: string, flags: CallFlags) => context.withApp(({ app }) => runCall(context, app, name, flags)));
}

async function runCall(context: CliContext, app: CeleriacApp, name: string, flags: CallFlags): Promise<void> {
  const { args = [], wait, timeout, json: asJson = false, ...options } = flags;
  const result = await app.sendTask(name, [...args], options);
  if (!wait) {
    context.print(asJson ? JSON.stringify({ id: result.id, task: name }) : result.id);
    return;
  }
  const ok = await printResult(context, result, { timeout, json: asJson, traceback: false });
  if (!ok) context.setExitCode(exitCodes.failure);
}
