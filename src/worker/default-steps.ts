// The steps that every worker has. A later part of a worker adds its step here: state file, autoscaler and beat to the worker's; events,
// mingle, gossip, heartbeat and control to the consumer's.
import type { Step } from "../bootsteps/step.ts";
import type { Consumer } from "./consumer/consumer.ts";
import { connectionStep } from "./consumer/steps/connection.ts";
import { messageLoopStep } from "./consumer/steps/message-loop.ts";
import { tasksStep } from "./consumer/steps/tasks.ts";
import { watchdogStep } from "./consumer/steps/watchdog.ts";
import { consumerStep } from "./steps/consumer.ts";
import { poolStep } from "./steps/pool.ts";
import { stateHooksStep } from "./steps/state-hooks.ts";
import type { Worker } from "./worker.ts";

/** The steps of a worker. */
export function defaultWorkerSteps(): readonly Step<Worker>[] {
  return [stateHooksStep(), poolStep(), consumerStep()];
}

/** The steps of a worker's consumer. */
export function defaultConsumerSteps(): readonly Step<Consumer>[] {
  return [connectionStep(), tasksStep(), watchdogStep(), messageLoopStep()];
}
