import type { Retry } from "../errors/directives.ts";
import type { ResultTuple } from "../protocol/result-meta.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskState } from "../protocol/states.ts";
import type { RetryOptions, TaskContext } from "../task/task-context.ts";
import type { TaskDefinition } from "../task/task-definition.ts";
import type { TaskRequest } from "../task/task-request.ts";
import type { Logger } from "../util/logger.ts";
import type { ExecutionHost } from "./execution-host.ts";
import type { ExecutionRequest } from "./execution-request.ts";
import { Replace } from "./replace-directive.ts";
import { createRetry } from "./retry.ts";

/** What a context is made from. */
export interface ContextSource {
  readonly host: ExecutionHost;
  readonly definition: TaskDefinition;
  readonly request: TaskRequest;
  /** The message; null in eager and direct runs. */
  readonly message: ExecutionRequest | null;
  readonly children: ResultTuple[];
  /** Read only when the task asks: making a signal is not free. */
  signal(): AbortSignal;
  /** Stores a state on the way. */
  store(state: TaskState, meta: unknown): void;
}

/** The `this` of a running task. */
export class RunningTaskContext implements TaskContext {
  readonly request: TaskRequest;
  readonly #source: ContextSource;
  #logger: Logger | undefined;

  constructor(source: ContextSource) {
    this.#source = source;
    this.request = source.request;
  }

  get signal(): AbortSignal {
    return this.#source.signal();
  }

  get logger(): Logger {
    this.#logger ??= this.#source.host.logger.child({ task: this.request.task, id: this.request.id });
    return this.#logger;
  }

  retry(options?: RetryOptions): Retry {
    const { definition, request, message, host } = this.#source;
    return createRetry({ definition, request, message, clock: host.clock }, options);
  }

  replace(signature: SignatureRecord | { toJSON(): SignatureRecord }): Replace {
    return new Replace("toJSON" in signature ? signature.toJSON() : signature);
  }

  updateState(state: TaskState, meta?: unknown): void {
    this.#source.store(state, meta ?? null);
  }

  progress(meta: unknown): void {
    this.updateState("PROGRESS", meta);
  }

  async checkpoint(): Promise<void> {
    // A turn of the event loop, so that a limit which has passed meanwhile can abort the signal.
    await new Promise((resolve) => setImmediate(resolve));
    this.signal.throwIfAborted();
  }

  addChild(child: ResultTuple): void {
    if (this.#source.definition.options.trail) this.#source.children.push(child);
  }
}
