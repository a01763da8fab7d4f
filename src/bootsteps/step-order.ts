import { WorkerError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { toposort } from "../util/toposort.ts";
import type { Step } from "./step.ts";

/** What each step must come after, by name: what it requires, and for the last one all others. */
export function dependenciesOf(steps: readonly Step<never>[]): ReadonlyMap<string, readonly string[]> {
  const others = (last: Step<never>): string[] => steps.filter((step) => step !== last).map((step) => step.name);
  return new Map(steps.map((step) => [step.name, step.last ? others(step) : [...new Set(step.requires)]]));
}

/**
 * The steps, each after those that it requires; otherwise in the order in which they were added.
 * @throws WorkerError where one requires a step that is not there, where they require each other in a circle, or where several are last
 */
export function orderSteps<StepKind extends Step<never>>(blueprint: string, steps: readonly StepKind[]): readonly StepKind[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  for (const step of steps) {
    for (const required of step.requires ?? []) {
      if (byName.has(required)) continue;
      const near = didYouMean(required, byName.keys());
      throw new WorkerError("CELERIAC_BOOTSTEP_UNKNOWN", {
        step: step.name,
        required: near ? `${required} (did you mean ${near}?)` : required,
        blueprint,
      });
    }
  }
  const last = steps.filter((step) => step.last);
  if (last.length > 1) {
    const problem = `only one step may be last, and these say that they are: ${last.map((step) => step.name).join(", ")}`;
    throw new WorkerError("CELERIAC_BOOTSTEP_INVALID", { blueprint, problem });
  }
  const sorted = toposort(dependenciesOf(steps));
  if ("cycle" in sorted) throw new WorkerError("CELERIAC_BOOTSTEP_CYCLE", { blueprint, path: sorted.cycle });
  return sorted.order.flatMap((name) => byName.get(name) ?? []);
}
