import { Argument, type Command } from "commander";
import type { CeleriacApp } from "../../app/celeriac.ts";
import type { BlueprintName } from "../../app/step-sets.ts";
import type { Step } from "../../bootsteps/step.ts";
import { type DrawnBlueprint, toDot } from "../../bootsteps/to-dot.ts";
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
  if (named) await context.withApp(async ({ app }) => draw(context, names, app));
  else draw(context, names);
}

function draw(context: CliContext, names: readonly string[], app?: CeleriacApp): void {
  const blueprints = [drawn("worker", defaultWorkerSteps(), app), drawn("consumer", defaultConsumerSteps(), app)];
  context.print(toDot(blueprints.filter(({ name }) => names.length === 0 || names.includes(name))).trimEnd());
}

function drawn<Parent>(name: BlueprintName, defaults: readonly Step<Parent>[], app: CeleriacApp | undefined): DrawnBlueprint {
  return { name, steps: orderSteps(name, app?.steps.applyTo(name, defaults) ?? defaults) };
}
