// What execution offers to those who run tasks: the worker (through its pools) and the app (eagerly).
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskDefinition } from "../task/task-definition.ts";
import type { TaskRequest } from "../task/task-request.ts";
import type { ExecutionOutcome, StateUpdate } from "./execution-outcome.ts";
import type { ExecutionRequest } from "./execution-request.ts";

/** What a run is given beside its request. */
export interface ExecutionControl {
  /** Aborted when the task shall stop; read only when the task asks for it. */
  readonly signal: AbortSignal;
  /** Told of each state that the task stores on its way. */
  onState(update: StateUpdate): void;
}

/** Executes task messages. Never throws and never rejects: whatever happens is an outcome. */
export interface Executor {
  /** Executes a message; gives its outcome at once where nothing in it was asynchronous. */
  execute(request: ExecutionRequest, body: string | Uint8Array, control: ExecutionControl): ExecutionOutcome | Promise<ExecutionOutcome>;
  /** Executes a task in this process with arguments that are at hand. Follow-ups are not built: the caller runs them. */
  executeEager(call: EagerCall): Promise<EagerOutcome>;
}

/** A call to be executed eagerly. */
export interface EagerCall {
  readonly definition: TaskDefinition;
  readonly request: TaskRequest;
  readonly signal?: AbortSignal | undefined;
}

/** How an eager call ended. */
export interface EagerOutcome {
  readonly state: "SUCCESS" | "FAILURE" | "RETRY" | "IGNORED" | "REJECTED" | "REPLACED";
  /** The value, for SUCCESS. */
  readonly value?: unknown;
  /** What was thrown, for FAILURE; why, for RETRY. */
  readonly error?: unknown;
  readonly traceback?: string | undefined;
  /** For RETRY: the request of the next try. */
  readonly next?: TaskRequest | undefined;
  /** For REPLACED: what takes its place. */
  readonly replacement?: SignatureRecord | undefined;
}
