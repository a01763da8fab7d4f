import { type Command, Option } from "commander";
import type { CeleriacApp } from "../../app/celeriac.ts";
import { BrokerError, UsageError } from "../../errors/celeriac-error.ts";
import type { CliContext } from "../cli-context.ts";
import { positiveNumber } from "../option-values.ts";
import { renderDeadLetter, renderDeadLetters } from "../render/dead-letters.ts";

interface DeadFlags {
  readonly queue?: string;
  readonly limit?: number;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly force?: boolean;
}

/** Adds `celeriac dead list|show|redrive|purge`. */
export function addDeadCommand(program: Command, context: CliContext): void {
  const dead = program.command("dead").description("look at messages that were given up, send them back, remove them");
  subcommand(dead, "list", "list them, the oldest first")
    .addOption(new Option("-n, --limit <number>", "so many at most").argParser(positiveNumber).default(100))
    .option("-j, --json", "print JSON")
    .action((flags: DeadFlags) => context.withApp(({ app }) => list(context, app, flags)));
  subcommand(dead, "show", "show one whole, with its history and its message")
    .argument("<id>", "id of the task, as `dead list` shows it")
    .option("-j, --json", "print JSON")
    .action((id: string, flags: DeadFlags) => context.withApp(({ app }) => show(context, app, id, flags)));
  subcommand(dead, "redrive", "send them back to the queue that they came from")
    .argument("[ids...]", "ids of tasks")
    .option("--all", "all of them")
    .action((ids: readonly string[], flags: DeadFlags) => context.withApp(({ app }) => redrive(context, app, ids, flags)));
  subcommand(dead, "purge", "remove them for good")
    .option("-f, --force", "must be given: there is no undo")
    .action((flags: DeadFlags) => context.withApp(({ app }) => purge(context, app, flags)));
}

function subcommand(dead: Command, name: string, description: string): Command {
  return dead
    .command(name)
    .description(description)
    .option("-Q, --queue <name>", "the queue that they came from (default: the app's default queue)");
}

function queueOf(app: CeleriacApp, flags: DeadFlags): string {
  return flags.queue ?? app.conf.taskDefaultQueue;
}

async function list(context: CliContext, app: CeleriacApp, flags: DeadFlags): Promise<void> {
  const of = { queue: queueOf(app, flags) };
  const letters = await app.deadLetters.list({ ...of, limit: flags.limit ?? 100 });
  context.print(renderDeadLetters(letters, flags.json ?? false));
  const count = await app.deadLetters.count(of);
  // Beside the list and not in it: the list may be read by a program.
  if (count > letters.length && !context.global.quiet)
    context.process.stderr.write(`These are the oldest ${letters.length} of ${count}; -n ${count} lists them all\n`);
}

async function show(context: CliContext, app: CeleriacApp, id: string, flags: DeadFlags): Promise<void> {
  const queue = queueOf(app, flags);
  const letter = await app.deadLetters.show(id, { queue });
  if (!letter) throw new BrokerError("CELERIAC_DEAD_LETTER_NOT_FOUND", { queue, id });
  context.print(renderDeadLetter(letter, flags.json ?? false));
}

async function redrive(context: CliContext, app: CeleriacApp, ids: readonly string[], flags: DeadFlags): Promise<void> {
  if (ids.length === 0 && !flags.all)
    throw new UsageError("CELERIAC_USAGE", { message: "expected ids of dead letters, or --all for every one, got: nothing" });
  if (ids.length > 0 && flags.all)
    throw new UsageError("CELERIAC_USAGE", { message: "expected either ids of dead letters or --all, got: both" });
  const count = await app.deadLetters.redrive(flags.all ? { all: true } : { ids }, { queue: queueOf(app, flags) });
  context.print(`Sent back ${count} ${count === 1 ? "message" : "messages"} to the queue ${queueOf(app, flags)}`);
}

async function purge(context: CliContext, app: CeleriacApp, flags: DeadFlags): Promise<void> {
  if (!flags.force)
    throw new UsageError("CELERIAC_USAGE", { message: "expected -f, because there is no undo for removing dead letters, got: nothing" });
  const count = await app.deadLetters.purge({ queue: queueOf(app, flags) });
  context.print(`Removed ${count} dead ${count === 1 ? "letter" : "letters"} of the queue ${queueOf(app, flags)}`);
}
