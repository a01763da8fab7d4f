// Blueprints as a drawing in DOT, as `celery graph bootsteps` prints it: `celeriac graph bootsteps | dot -Tpng`.
import type { Step } from "./step.ts";
import { dependenciesOf, orderSteps } from "./step-order.ts";

/** What is drawn of a blueprint. */
export interface DrawnBlueprint {
  readonly name: string;
  readonly steps: readonly Step<never>[];
}

const LAST_MARK = "⧉";
const CONDITIONAL_MARK = "∘";

/** The DOT text of one blueprint, or of several of which each is run by the last step of the one before it, as the consumer's is by the worker's. */
export function toDot(blueprints: readonly DrawnBlueprint[]): string {
  const lines = [
    "digraph dependencies {",
    '  rankdir="LR"',
    `  node [style="filled", fontname="HelveticaNeue", fillcolor="palegreen3", color="palegreen4"]`,
  ];
  const ordered = blueprints.map(({ name, steps }) => ({ name, steps: orderSteps(name, steps) }));
  for (const blueprint of ordered) {
    for (const step of blueprint.steps)
      lines.push(`  ${idOf(blueprint, step)} [label=${quoted(labelOf(step))}, shape="${step.last ? "ellipse" : "box"}"]`);
  }
  for (const [i, blueprint] of ordered.entries()) {
    lines.push(...edgesOf(blueprint));
    const [before, first] = [ordered[i - 1], blueprint.steps[0]];
    const runner = before?.steps.at(-1);
    if (before && runner && first) lines.push(`  ${idOf(blueprint, first)} -> ${idOf(before, runner)}`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
}

/** An arrow from each step to each one that comes before it. */
function edgesOf(blueprint: DrawnBlueprint): readonly string[] {
  const byName = new Map(blueprint.steps.map((step) => [step.name, step]));
  return [...dependenciesOf(blueprint.steps)].flatMap(([name, before]) =>
    before.flatMap((required) => {
      const [from, to] = [byName.get(name), byName.get(required)];
      return from && to ? [`  ${idOf(blueprint, from)} -> ${idOf(blueprint, to)}`] : [];
    }),
  );
}

/** Two blueprints may have steps of the same name. */
function idOf(blueprint: DrawnBlueprint, step: Step<never>): string {
  return quoted(`${blueprint.name}.${step.name}`);
}

function labelOf(step: Step<never>): string {
  const mark = step.last ? LAST_MARK : step.conditional ? CONDITIONAL_MARK : "";
  return `${mark}${step.label ?? step.name}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
