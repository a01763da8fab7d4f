/// <reference lib="esnext.disposable" preserve="true" />
// What `import ... from "celeriac"` gives: the app, the verbs of the canvas, results, and what tasks throw.
import "./util/require-node.ts";
export { Celeriac, type CeleriacParts } from "./celeriac.ts";
export type { AppSettings } from "./app/app-settings.ts";
export type { AppParts } from "./app/celeriac.ts";
export type { QueueSelection } from "./app/queues.ts";
export { celeriacVersion } from "./app/report.ts";
export { type SharedTask, shareTask } from "./app/shared-tasks.ts";
export { broadcast } from "./app/task-queue.ts";
export type { EagerResult } from "./app/results/eager-result.ts";
export type { AsyncResult, GetOptions } from "./canvas/async-result.ts";
export type { ApplyOptions, CallOptions, PublishRetryPolicy, SignatureOptions } from "./canvas/call-options.ts";
export { chain } from "./canvas/chain.ts";
export type { StepCannotTake, StepIsFull } from "./canvas/joins.ts";
export { signature } from "./canvas/make-signature.ts";
export type { ImmutableSignature, Signature } from "./canvas/signature.ts";
export type { RESULT, Step, TAKES } from "./canvas/step.ts";
export type { ResolvedSettings, Settings } from "./config/settings.ts";
export {
  BackendError,
  BrokerError,
  CeleriacError,
  ConfigError,
  PoolError,
  SerializationError,
  TaskError,
  UsageError,
  WorkerError,
} from "./errors/celeriac-error.ts";
export type { Code, DetailsOf } from "./errors/codes.ts";
export { Ignore, Reject, Retry, TaskDirective } from "./errors/directives.ts";
export {
  ChordError,
  ContentDisallowed,
  MaxRetriesExceededError,
  NotRegistered,
  RemoteTaskError,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  TimeoutError,
  WorkerLostError,
} from "./errors/task-errors.ts";
export { currentTask } from "./execution/current-task.ts";
export type { HookMap, HookName } from "./hooks/hook-map.ts";
export type { HookHandler, HookOptions } from "./hooks/hooks.ts";
export type { ExceptionRecord, ResultMeta, ResultTuple } from "./protocol/result-meta.ts";
export type { SignatureRecord } from "./protocol/signature-record.ts";
export { type BuiltinState, states, type TaskState } from "./protocol/states.ts";
export { Decimal } from "./serialization/decimal.ts";
export { PlainDate } from "./serialization/plain-date.ts";
export { PlainTime } from "./serialization/plain-time.ts";
export { Uuid } from "./serialization/uuid.ts";
export type { BoundTask, RemoteTask, RemoteTaskOf, TaskOf } from "./task/bound-task.ts";
export { Task } from "./task/class-task.ts";
export type { RetryOptions, TaskContext } from "./task/task-context.ts";
export type { TaskOptions } from "./task/task-options.ts";
export type { DeliveryInfo, TaskRequest } from "./task/task-request.ts";
export type { Duration } from "./util/duration.ts";
export type { Logger, LogLevel } from "./util/logger.ts";
