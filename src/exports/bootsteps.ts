/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/bootsteps`: parts of a worker, and how they are put in order.
export { Blueprint, type BlueprintParams, type BlueprintState, blueprintStates } from "../bootsteps/blueprint.ts";
export type { Step } from "../bootsteps/step.ts";
export { type DrawnBlueprint, toDot } from "../bootsteps/to-dot.ts";
