// A delivery that was admitted: its headers are decoded, its body is as it came. It is at once the pool's job and the one that the pool
// tells of it, so that a task costs one object here. States:
//   received   admitted, not with the pool (it may wait for its eta)
//   submitted  the pool has it
//   started    it runs
//   ended      the pool is done with it; its message may still be unsettled
import type { Delivery } from "../broker/contract.ts";
import type { ExecutionRequest } from "../execution/execution-request.ts";
import type { JobLoss, JobObserver, JsonRecord, PoolJob, PoolOutcome } from "../pool/contract.ts";
import type { TaskHeaders } from "../protocol/task-message.ts";
import type { TaskDefinition } from "../task/task-definition.ts";
import type { NamedTask } from "./task-log.ts";

/** Where a request is on its way. */
export type RequestState = "received" | "submitted" | "started" | "ended";

/** Who is told what becomes of a request. */
export interface RequestObserver {
  onStarted(request: Request): void;
  onMessage(request: Request, message: JsonRecord): void;
  onOutcome(request: Request, outcome: PoolOutcome): void;
  onLost(request: Request, loss: JobLoss): void;
}

/** What is the same for all requests of one task, and what the worker has learned of it. */
export interface TaskEntry {
  readonly definition: TaskDefinition;
  /** How many were started here. */
  started: number;
  /** Running mean of the time that the body takes, in seconds; undefined before the first. */
  meanSeconds: number | undefined;
}

/** What a request is made of. */
export interface RequestParts {
  readonly jobId: string;
  readonly delivery: Delivery;
  readonly execution: ExecutionRequest;
  readonly entry: TaskEntry;
  readonly observer: RequestObserver;
  readonly softTimeLimitMs: number | undefined;
  readonly timeLimitMs: number | undefined;
  /** Which of the worker's connections it came by. */
  readonly connection: number;
}

/** A body that takes less than this is worth being sent to a child ahead of time. */
const SHORT_SECONDS = 0.005;

/** A task message that this worker holds. */
export class Request implements PoolJob, JobObserver, NamedTask {
  /** Name of the job in the pool; the task's id, unless another delivery of the same task is here. */
  readonly jobId: string;
  readonly delivery: Delivery;
  readonly execution: ExecutionRequest;
  readonly entry: TaskEntry;
  readonly softTimeLimitMs: number | undefined;
  readonly timeLimitMs: number | undefined;
  readonly connection: number;
  state: RequestState = "received";
  /** Whether the broker was told how the delivery ended. */
  settled = false;
  /** Which of the worker's requests it is, from 1. */
  number = 0;
  /** Process that runs it, once it started. */
  pid: number | undefined;
  readonly #observer: RequestObserver;

  constructor(parts: RequestParts) {
    this.jobId = parts.jobId;
    this.delivery = parts.delivery;
    this.execution = parts.execution;
    this.entry = parts.entry;
    this.softTimeLimitMs = parts.softTimeLimitMs;
    this.timeLimitMs = parts.timeLimitMs;
    this.connection = parts.connection;
    this.#observer = parts.observer;
  }

  get headers(): TaskHeaders {
    return this.execution.headers;
  }

  get definition(): TaskDefinition {
    return this.entry.definition;
  }

  /** Id of the task. */
  get taskId(): string {
    return this.execution.headers.id;
  }

  /** Name shown in logs and monitors. */
  get name(): string {
    return this.execution.headers.shadow ?? this.execution.headers.task;
  }

  // As a PoolJob.

  get id(): string {
    return this.jobId;
  }

  get header(): JsonRecord {
    return this.execution as unknown as JsonRecord; // a plain record by its definition; interfaces have no index signature
  }

  get body(): string | Uint8Array {
    return this.delivery.body;
  }

  get short(): boolean {
    return this.entry.meanSeconds !== undefined && this.entry.meanSeconds < SHORT_SECONDS;
  }

  // As a JobObserver.

  onStarted(info: { readonly pid: number }): void {
    this.state = "started";
    this.pid = info.pid;
    this.entry.started++;
    this.#observer.onStarted(this);
  }

  onMessage(message: JsonRecord): void {
    this.#observer.onMessage(this, message);
  }

  onOutcome(outcome: PoolOutcome): void {
    this.state = "ended";
    this.#observer.onOutcome(this, outcome);
  }

  onLost(loss: JobLoss): void {
    this.state = "ended";
    this.#observer.onLost(this, loss);
  }
}

/** Takes a run's length into the mean of its task: recent runs count most. */
export function learnRuntime(entry: TaskEntry, seconds: number): void {
  entry.meanSeconds = entry.meanSeconds === undefined ? seconds : entry.meanSeconds + (seconds - entry.meanSeconds) / 8;
}
