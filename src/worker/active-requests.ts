import type { Request } from "./request.ts";

/** The requests that a worker holds: with the pool, or waiting for their time. */
export class ActiveRequests {
  readonly #byJob = new Map<string, Request>();
  #running = 0;
  #startedTotal = 0;
  #received = 0;
  #suffix = 0;

  /** How many are held, running ones included. */
  get size(): number {
    return this.#byJob.size;
  }

  /** How many run now. */
  get running(): number {
    return this.#running;
  }

  /** How many tasks were started since the worker began. */
  get startedTotal(): number {
    return this.#startedTotal;
  }

  /** How many messages were admitted since the worker began. */
  get receivedTotal(): number {
    return this.#received;
  }

  /** A name for the job of a task that no other job here has: the same task may be delivered twice. */
  jobId(taskId: string): string {
    return this.#byJob.has(taskId) ? `${taskId}#${++this.#suffix}` : taskId;
  }

  /** Takes a request in. */
  add(request: Request): void {
    request.number = ++this.#received;
    this.#byJob.set(request.jobId, request);
  }

  /** A held request starts to run. */
  started(): void {
    this.#running++;
    this.#startedTotal++;
  }

  /** Lets go of a request that has ended or was given back. */
  remove(request: Request): void {
    if (this.#byJob.delete(request.jobId) && request.pid !== undefined) this.#running--;
  }

  /** The request of a job, which is that of a task unless the task was delivered twice. */
  find(taskId: string): Request | undefined {
    return this.#byJob.get(taskId);
  }

  [Symbol.iterator](): IterableIterator<Request> {
    return this.#byJob.values();
  }
}
