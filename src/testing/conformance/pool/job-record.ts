import assert from "node:assert/strict";
import type { JobLoss, JobObserver, JsonRecord, PoolOutcome } from "../../../pool/contract.ts";

/** How a job ended. */
export type JobEnd = { readonly kind: "outcome"; readonly outcome: PoolOutcome } | { readonly kind: "lost"; readonly loss: JobLoss };

/** An observer that writes down what it is told, in order, and lets a test wait for it. */
export class JobRecord implements JobObserver {
  /** `started`, `message`, `outcome` and `lost`, in order. */
  readonly calls: string[] = [];
  readonly messages: JsonRecord[] = [];
  readonly pids: number[] = [];
  readonly #started = Promise.withResolvers<void>();
  readonly #spoken = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<JobEnd>();

  onStarted(info: { readonly pid: number }): void {
    this.calls.push("started");
    this.pids.push(info.pid);
    this.#started.resolve();
  }

  onMessage(message: JsonRecord): void {
    this.calls.push("message");
    this.messages.push(message);
    this.#spoken.resolve();
  }

  onOutcome(outcome: PoolOutcome): void {
    this.calls.push("outcome");
    this.#end.resolve({ kind: "outcome", outcome });
  }

  onLost(loss: JobLoss): void {
    this.calls.push("lost");
    this.#end.resolve({ kind: "lost", loss });
  }

  /** It started. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** It said something. */
  get spoken(): Promise<void> {
    return this.#spoken.promise;
  }

  /** It ended, one way or the other. */
  get end(): Promise<JobEnd> {
    return this.#end.promise;
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.calls.includes("outcome") || this.calls.includes("lost");
  }

  /** Its outcome; fails where it was lost. */
  async outcome(): Promise<PoolOutcome> {
    const end = await this.end;
    return end.kind === "outcome" ? end.outcome : assert.fail(`expected an outcome, got the loss ${JSON.stringify(end.loss)}`);
  }

  /** Its loss; fails where it had an outcome. */
  async loss(): Promise<JobLoss> {
    const end = await this.end;
    return end.kind === "lost"
      ? end.loss
      : assert.fail(`expected the job to be lost, got the outcome ${JSON.stringify(end.outcome.header)}`);
  }
}
