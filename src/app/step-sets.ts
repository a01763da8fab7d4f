// The bootsteps that users add to the worker and to its consumer, replace there and take away.
import type { Step } from "../bootsteps/step.ts";

/** The blueprints of a worker. */
export type BlueprintName = "worker" | "consumer";

/** The user's changes to the blueprints of this app's workers: `app.steps.worker.add({ name: "metrics", start() {...} })`. */
export class StepSets {
  /** Steps added to the worker; one with the name of a built-in step takes its place. */
  readonly worker: Set<Step<never>> = new Set();
  /** Steps added to the consumer, which starts anew with each connection. */
  readonly consumer: Set<Step<never>> = new Set();
  readonly #removed: Record<BlueprintName, Set<string>> = { worker: new Set(), consumer: new Set() };

  /** Takes a built-in step away by its name. */
  remove(blueprint: BlueprintName, name: string): void {
    this.#removed[blueprint].add(name);
  }

  /** The steps of a blueprint with the user's changes. */
  applyTo<Parent>(blueprint: BlueprintName, defaults: readonly Step<Parent>[]): readonly Step<Parent>[] {
    const added = [...this[blueprint]] as readonly Step<Parent>[]; // the user wrote them for this blueprint's parent
    const names = new Set([...this.#removed[blueprint], ...added.map((step) => step.name)]);
    return [...defaults.filter((step) => !names.has(step.name)), ...added];
  }
}
