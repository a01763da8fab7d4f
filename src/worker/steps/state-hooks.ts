import type { Step } from "../../bootsteps/step.ts";
import type { Worker } from "../worker.ts";

/** Tells the app's hooks of the worker's life: `workerInit` before anything else starts, `workerShutdown` when everything else has stopped. */
export function stateHooksStep(): Step<Worker> {
  return {
    name: "hooks",
    start: (worker) => worker.app.hooks.emitAsync("workerInit", { sender: worker.hostname, worker }),
    stop: (worker) => worker.app.hooks.emitAsync("workerShutdown", { sender: worker.hostname, worker }),
  };
}
