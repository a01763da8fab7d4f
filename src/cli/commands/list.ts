import type { Command } from "commander";
import type { CliContext, LoadedApp } from "../cli-context.ts";
import { renderTable } from "../render/table.ts";

interface ListFlags {
  readonly json?: boolean;
}

type Row = Readonly<Record<string, string | number | null>>;

/** Adds `celeriac list tasks|queues|bindings`. */
export function addListCommand(program: Command, context: CliContext): void {
  const lists = program.command("list").description("list tasks, queues or bindings");
  addList(lists, context, "tasks", "the tasks that the app has", tasks);
  addList(lists, context, "queues", "the queues of the app and of the broker, with what waits in them", queues);
  addList(lists, context, "bindings", "the lines from exchanges to the queues of the app", bindings);
}

function addList(
  lists: Command,
  context: CliContext,
  name: string,
  description: string,
  rowsOf: (loaded: LoadedApp) => Promise<readonly Row[]>,
): void {
  lists
    .command(name)
    .description(description)
    .option("-j, --json", "print JSON")
    .action((flags: ListFlags) =>
      context.withApp(async (loaded) => {
        const rows = await rowsOf(loaded);
        context.print(flags.json ? JSON.stringify(rows) : renderRows(rows));
      }),
    );
}

function renderRows(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return "none";
  const names = Object.keys(first);
  return renderTable([names.map((name) => name.toUpperCase()), ...rows.map((row) => names.map((name) => String(row[name] ?? "-")))]);
}

async function tasks({ app }: LoadedApp): Promise<readonly Row[]> {
  await app.finalize();
  return [...app.tasks.names()].sort().map((task) => ({ task }));
}

async function queues({ app }: LoadedApp): Promise<readonly Row[]> {
  const broker = await app.connections.broker("read");
  const known = new Set(app.queues.select().map(({ queue }) => queue.name));
  const stored = (await broker.listQueues()) ?? [];
  for (const { name } of stored) known.add(name);
  const rows: Row[] = [];
  for (const queue of [...known].sort()) {
    const info = await broker.queueInfo(queue);
    rows.push({ queue, messages: info?.messages ?? null, consumers: info?.consumers ?? null });
  }
  return rows;
}

async function bindings({ app }: LoadedApp): Promise<readonly Row[]> {
  return app.queues.select().flatMap(({ queue }) =>
    (queue.bindings ?? []).map((binding): Row => ({
      exchange: binding.exchange.name || "(default)",
      type: binding.exchange.type,
      routing_key: binding.routingKey,
      queue: queue.name,
    })),
  );
}
