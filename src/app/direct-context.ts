// `this` of a task that was called as the function that it is: there is no message, no worker, and nobody who would read a state.
import type { Retry } from "../errors/directives.ts";
import { runInTask } from "../execution/current-task.ts";
import { Replace } from "../execution/replace-directive.ts";
import { createRetry } from "../execution/retry.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { RegisteredTask } from "../task/registered-task.ts";
import type { RetryOptions, TaskContext } from "../task/task-context.ts";
import type { TaskRequest } from "../task/task-request.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import type { AppContext } from "./app-context.ts";
import { rememberAround, workerTask } from "./running-task.ts";

/** Never aborted: nobody can stop a plain call. */
const neverAborted: AbortSignal = new AbortController().signal;

/** Calls a task's function here and now. */
export function callDirectly(app: AppContext, task: RegisteredTask, args: readonly unknown[]): unknown {
  const context = new DirectContext(app, task, args);
  const outer = workerTask();
  if (outer !== undefined) rememberAround(context, outer);
  return runInTask(context, () => task.run.call(context, ...(args as readonly never[])));
}

class DirectContext implements TaskContext {
  readonly request: TaskRequest;
  readonly signal: AbortSignal = neverAborted;
  readonly #task: RegisteredTask;
  readonly #clock: Clock;
  readonly #appLogger: Logger;
  #logger: Logger | undefined;

  constructor(app: AppContext, task: RegisteredTask, args: readonly unknown[]) {
    this.#task = task;
    this.#clock = app.clock;
    this.#appLogger = app.logger;
    this.request = { ...blankRequest, task: task.name, args };
  }

  get logger(): Logger {
    this.#logger ??= this.#appLogger.child({ task: this.#task.name });
    return this.#logger;
  }

  retry(options?: RetryOptions): Retry {
    return createRetry({ definition: this.#task, request: this.request, message: null, clock: this.#clock }, options);
  }

  replace(signature: SignatureRecord | { toJSON(): SignatureRecord }): Replace {
    return new Replace("toJSON" in signature ? signature.toJSON() : signature);
  }

  /** Nobody stores the states of a plain call. */
  updateState(): void {}

  /** Nobody stores the states of a plain call. */
  progress(): void {}

  checkpoint(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** What is sent from a plain call belongs to the task around it: `workerTask()` finds that. */
  addChild(): void {}
}

const blankRequest: Omit<TaskRequest, "task" | "args"> = {
  id: "",
  kwargs: {},
  retries: 0,
  eta: null,
  expires: null,
  rootId: null,
  parentId: null,
  group: null,
  groupIndex: null,
  correlationId: null,
  replyTo: null,
  shadow: null,
  origin: null,
  ignoreResult: false,
  timeLimit: null,
  softTimeLimit: null,
  replacedTaskNesting: 0,
  stampedHeaders: null,
  stamps: {},
  headers: {},
  callbacks: null,
  errbacks: null,
  chain: null,
  chord: null,
  hostname: "",
  deliveryInfo: null,
  isEager: false,
  calledDirectly: true,
};
