import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { CeleriacApp } from "../../app/celeriac.ts";
import { createDeferred } from "../../util/deferred.ts";
import type { CliContext } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { list } from "../option-values.ts";

interface PurgeFlags {
  readonly force?: boolean;
  readonly queues?: readonly string[];
  readonly excludeQueues?: readonly string[];
}

/** Adds `celeriac purge`. */
export function addPurgeCommand(program: Command, context: CliContext): void {
  program
    .command("purge")
    .description("remove all waiting messages from queues, for good")
    .option("-f, --force", "do not ask")
    .option("-Q, --queues <names>", "queues to empty, separated by commas (default: all of the app)", list)
    .option("-X, --exclude-queues <names>", "queues not to empty", list)
    .action((flags: PurgeFlags) => context.withApp(({ app }) => runPurge(context, app, flags)));
}

async function runPurge(context: CliContext, app: CeleriacApp, flags: PurgeFlags): Promise<void> {
  const queues = app.queues.select({ select: flags.queues, exclude: flags.excludeQueues ?? [] }).map(({ queue }) => queue.name);
  const answer = flags.force ? "yes" : await ask(context, queues);
  if (answer === undefined) {
    context.process.stderr.write(
      "\nceleriac: expected an answer, but standard input ended: nothing was removed; give -f where nobody is to be asked\n",
    );
    context.setExitCode(exitCodes.failure);
    return;
  }
  if (answer.trim().toLowerCase() !== "yes") {
    context.say("Aborted: nothing was removed.");
    return;
  }
  const broker = await app.connections.broker("read");
  let count = 0;
  for (const queue of queues) if (await broker.queueInfo(queue)) count += await broker.purge(queue);
  const where = `${queues.length} ${queues.length === 1 ? "queue" : "queues"} (${queues.join(", ")})`;
  context.print(count === 0 ? `No messages purged from ${where}` : `Purged ${count} ${count === 1 ? "message" : "messages"} from ${where}`);
}

/** The answer; undefined where the input ended without one. */
async function ask(context: CliContext, queues: readonly string[]): Promise<string | undefined> {
  const { stdin, stderr } = context.process;
  const prompt = createInterface({ input: stdin, output: stderr });
  // The promise of a question is never settled when its input ends.
  const ended = createDeferred<undefined>();
  prompt.once("close", () => ended.resolve(undefined));
  try {
    return await Promise.race([
      prompt.question(
        `WARNING: This will remove all tasks from ${queues.join(", ")}.\n         There is no undo for this operation!\n\nAre you sure you want to delete all tasks? [yes/no] `,
      ),
      ended.promise,
    ]);
  } finally {
    prompt.close();
  }
}
