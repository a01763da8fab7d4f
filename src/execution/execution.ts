// The record that passes through the pipeline of run-task.ts: what came in, what is known so far, how the task ended, what follows.
import type { ResultTuple } from "../protocol/result-meta.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskPayload } from "../protocol/task-message.ts";
import type { TaskDefinition } from "../task/task-definition.ts";
import type { TaskRequest } from "../task/task-request.ts";
import type { ExecutionHost, MessageDraft } from "./execution-host.ts";
import type { ExecutionOutcome } from "./execution-outcome.ts";
import type { ExecutionRequest } from "./execution-request.ts";
import type { ExecutionControl } from "./executor-contract.ts";
import type { RunningTaskContext } from "./running-task-context.ts";

/** How the body of a task ended, and why. */
export type Ending =
  | { readonly kind: "success"; readonly value: unknown }
  | { readonly kind: "failure"; readonly error: unknown; readonly expected: boolean }
  | { readonly kind: "retry"; readonly reason: unknown; readonly resend: RetryResend; readonly inSeconds: number }
  | { readonly kind: "ignore" }
  | { readonly kind: "replace"; readonly replacement: SignatureRecord }
  | { readonly kind: "reject"; readonly reason: unknown; readonly requeue: boolean }
  | { readonly kind: "expired" }
  | { readonly kind: "malformed"; readonly error: unknown };

/** What a retry sends. */
export interface RetryResend {
  /** The message for a worker; absent in eager runs. */
  readonly draft: MessageDraft | null;
  /** The request of the next try, for eager runs. */
  readonly next: TaskRequest;
}

/** A task on its way through the pipeline. Later steps fill in what earlier ones could not know. */
export interface Execution {
  readonly host: ExecutionHost;
  readonly request: ExecutionRequest;
  readonly body: string | Uint8Array;
  readonly control: ExecutionControl;
  definition?: TaskDefinition | undefined;
  payload?: TaskPayload;
  taskRequest?: TaskRequest;
  context?: RunningTaskContext;
  /** Whether it was said that the task starts. */
  announced: boolean;
  /** Positional arguments for the body. */
  bound?: readonly unknown[];
  /** Monotonic milliseconds at which the body began. */
  startedAt: number;
  /** Seconds that the body took. */
  runtime: number;
  ending?: Ending;
  readonly children: ResultTuple[];
  outcome?: ExecutionOutcome;
}

/** A record for a message that was handed over for execution. */
export function createExecution(
  host: ExecutionHost,
  request: ExecutionRequest,
  body: string | Uint8Array,
  control: ExecutionControl,
): Execution {
  return { host, request, body, control, announced: false, startedAt: 0, runtime: 0, children: [] };
}

/** What a step needs and an earlier one must have filled in. A miss is a fault in the order of the steps. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the pipeline needs ${what} before it was known`);
  return value;
}
