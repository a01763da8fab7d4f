// Messages that name a task which this worker does not have: an error in the log, and then as the setting `taskUnknown` says. Either way
// the message is kept: among the dead letters, or in its queue for a worker that knows the task.
import type { Delivery } from "../broker/contract.ts";
import type { NotRegistered } from "../errors/task-errors.ts";
import type { ExecutionHost } from "../execution/execution-host.ts";
import type { ExecutionRequest } from "../execution/execution-request.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import type { Outcomes, Unrun } from "./outcomes.ts";
import type { Settlements } from "./settlements.ts";

/** What is done about unknown tasks, and with what. */
export interface UnknownTasksParams {
  readonly host: ExecutionHost;
  readonly outcomes: Outcomes;
  readonly settlements: Settlements;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly unknown: "reject" | "park";
}

/** A message whose task is unknown. */
export interface UnknownMessage {
  readonly execution: ExecutionRequest;
  readonly delivery: Delivery;
  readonly connection: number;
}

/** How long a parked message stays out of sight, so that it does not go round between workers none of which knows it. */
const PARK_MS = 60_000;

/** Refuses messages of unknown tasks. */
export class UnknownTasks {
  readonly #params: UnknownTasksParams;

  constructor(params: UnknownTasksParams) {
    this.#params = params;
  }

  /** Logs the message, tells the hook, and parks it or ends its task as failed and keeps the message among the dead letters. */
  refuse(message: UnknownMessage, error: NotRegistered): void {
    const { settlements, logger, unknown, clock, outcomes } = this.#params;
    const { execution, delivery, connection } = message;
    const { headers } = execution;
    const parked = unknown === "park" && settlements.canDelay;
    const fate = parked
      ? `waits in the queue ${delivery.queue} for a worker that knows it`
      : `is kept among the dead letters of the queue ${delivery.queue}`;
    logger.error(
      { taskId: headers.id, taskName: headers.task, queue: delivery.queue },
      `Received unregistered task of type ${JSON.stringify(headers.task)}: ${error.message}. Its message ${fate}`,
    );
    this.#tellHook(message, error);
    const unrun: Unrun = { taskId: headers.id, name: headers.task, execution, delivery, connection, body: delivery.body, settled: false };
    if (parked) settlements.end(unrun, { kind: "requeue", visibleAt: clock.now() + PARK_MS });
    else outcomes.fail(unrun, error, { kind: "dead-letter", reason: "unknown-task", detail: error.message });
  }

  #tellHook({ execution, delivery }: UnknownMessage, error: NotRegistered): void {
    const { host } = this.#params;
    if (!host.hooks.has("taskUnknown")) return;
    const message = { body: delivery.body, contentType: delivery.contentType, headers: delivery.headers, queue: delivery.queue };
    host.hooks.emit("taskUnknown", { sender: host.hostname, message, error, name: execution.headers.task, id: execution.headers.id });
  }
}
