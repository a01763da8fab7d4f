import { Argument, type Command } from "commander";
import { toDot } from "../../bootsteps/to-dot.ts";
import { defaultConsumerSteps, defaultWorkerSteps } from "../../worker/default-steps.ts";
import { orderSteps } from "../../bootsteps/step-order.ts";
import type { CliContext } from "../cli-context.ts";

/** Adds `celeriac graph bootsteps`. */
export function addGraphCommand(program: Command, context: CliContext): void {
  const graphs = program.command("graph").description("draw the inside of a worker, in DOT");
  graphs
    .command("bootsteps")
    .description("the steps of a worker and of its consumer, and which requires which: pipe it into `dot -Tpng`")
    .addArgument(new Argument("[blueprints...]", "which are drawn (default: both)").choices(["worker", "consumer"]))
    .action((names: readonly string[]) => runGraph(context, names));
}

/** Steps that users added are in it where an app is named. */
async function runGraph(context: CliContext, names: readonly string[]): Promise<void> {
  const named = context.global.app ?? context.process.env["CELERIAC_APP"];
  const app = named ? (await context.loadApp()).app : undefined;
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const blueprints = [
    ...(wanted("worker")
      ? [{ name: "worker", steps: orderSteps("worker", app?.steps.applyTo("worker", defaultWorkerSteps()) ?? defaultWorkerSteps()) }]
      : []),
    ...(wanted("consumer")
      ? [
          {
            name: "consumer",
            steps: orderSteps("consumer", app?.steps.applyTo("consumer", defaultConsumerSteps()) ?? defaultConsumerSteps()),
          },
        ]
      : []),
  ];
  context.print(toDot(blueprints).trimEnd());
  await app?.close();
}
