import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { CliContext } from "../cli-context.ts";
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
    .action((flags: PurgeFlags) => runPurge(context, flags));
}

async function runPurge(context: CliContext, flags: PurgeFlags): Promise<void> {
  const { app } = await context.loadApp();
  try {
    const queues = app.selectQueues({ select: flags.queues, exclude: flags.excludeQueues ?? [] }).map(({ queue }) => queue.name);
    if (!flags.force && !(await confirmed(context, queues))) {
      context.say("Aborted: nothing was removed.");
      return;
    }
    const broker = await app.brokerForRead();
    let count = 0;
    for (const queue of queues) if (await broker.queueInfo(queue)) count += await broker.purge(queue);
    const where = `${queues.length} ${queues.length === 1 ? "queue" : "queues"} (${queues.join(", ")})`;
    context.print(
      count === 0 ? `No messages purged from ${where}` : `Purged ${count} ${count === 1 ? "message" : "messages"} from ${where}`,
    );
  } finally {
    await app.close();
  }
}

async function confirmed(context: CliContext, queues: readonly string[]): Promise<boolean> {
  const { stdin, stderr } = context.process;
  const prompt = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await prompt.question(
      `WARNING: This will remove all tasks from ${queues.join(", ")}.\n         There is no undo for this operation!\n\nAre you sure you want to delete all tasks? [yes/no] `,
    );
    return answer.trim().toLowerCase() === "yes";
  } finally {
    prompt.close();
  }
}
