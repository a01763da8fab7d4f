// Carries out what follows the end of a task, in the order that loses nothing: publish what comes next, then store the state, and only then
// tell the broker that the message is done. A crash between two of these repeats a step; it never skips one.
// Ends that have nothing to publish or store are settled at once. The others are gathered and carried out together, one gathering after the
// other, so that states of one task are stored in the order in which it had them.
import type { Document } from "../backend/contract.ts";
import type { BuiltMessage } from "../execution/execution-host.ts";
import type { ExecutionOutcome } from "../execution/execution-outcome.ts";
import type { TaskState } from "../protocol/states.ts";
import type { Clock } from "../util/clock.ts";
import { createDeferred, type Deferred } from "../util/deferred.ts";
import type { Logger } from "../util/logger.ts";
import { type Fate, GIVE_BACK } from "./fate.ts";
import type { Settleable, Settlements } from "./settlements.ts";

/** A state to be stored. */
export interface StateEntry {
  readonly taskId: string;
  readonly status: TaskState;
  readonly document: Document;
  /** Where the sender of the task waits for its result, if he said. */
  readonly replyTo?: string | undefined;
}

/** What conclusions work with. */
export interface ConclusionsParams {
  readonly settlements: Settlements;
  /** Sends messages; resolves when the broker has them. */
  publish(messages: readonly BuiltMessage[]): Promise<unknown>;
  /** Stores states; resolves when they can be read. */
  store(entries: readonly StateEntry[]): Promise<unknown>;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** One thing to be carried out. */
interface Conclusion {
  readonly of: Settleable;
  /** Undefined for a state on the way, which settles nothing. */
  readonly fate: Fate | undefined;
  messages: readonly BuiltMessage[];
  readonly entries: readonly StateEntry[];
}

/** How long a message waits that was given back because its result could not be stored: the store needs time to recover. */
const GIVE_BACK_DELAY_MS = 5000;

/** What follows the ends of a worker's tasks. */
export class Conclusions {
  readonly #params: ConclusionsParams;
  #gathered: Conclusion[] = [];
  #carrying = false;
  #scheduled = false;
  #drained: Deferred<void> | undefined;

  constructor(params: ConclusionsParams) {
    this.#params = params;
  }

  /** Stores a state that a task had on its way. */
  state(of: Settleable, status: TaskState, document: Document): void {
    this.#gather({
      of,
      fate: undefined,
      messages: [],
      entries: [{ taskId: of.taskId, status, document, replyTo: of.delivery.properties.replyTo }],
    });
  }

  /** Carries out the end of a task. */
  end(of: Settleable, outcome: ExecutionOutcome, fate: Fate): void {
    const { messages, document, alsoFailed } = outcome;
    if (messages === undefined && document === undefined && alsoFailed === undefined) {
      this.#params.settlements.end(of, fate);
      return;
    }
    const { replyTo } = of.delivery.properties;
    const entries: StateEntry[] = document === undefined ? [] : [{ taskId: of.taskId, status: storedState(outcome), document, replyTo }];
    for (const failed of alsoFailed ?? []) entries.push({ taskId: failed.taskId, status: "FAILURE", document: failed.document, replyTo });
    this.#gather({ of, fate, messages: messages ?? [], entries });
  }

  /** Resolves when everything so far is published and stored, and the broker has been told. */
  async drained(): Promise<void> {
    while (this.#gathered.length > 0 || this.#carrying) {
      this.#drained ??= createDeferred();
      await this.#drained.promise;
    }
    await this.#params.settlements.drained();
  }

  #gather(conclusion: Conclusion): void {
    this.#gathered.push(conclusion);
    if (this.#carrying || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#carryOutAll();
    });
  }

  /** Never rejects. */
  async #carryOutAll(): Promise<void> {
    this.#carrying = true;
    while (this.#gathered.length > 0) {
      const batch = this.#gathered;
      this.#gathered = [];
      await this.#carryOut(batch);
    }
    this.#carrying = false;
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  async #carryOut(batch: readonly Conclusion[]): Promise<void> {
    try {
      await this.#publish(batch);
      const entries = batch.length === 1 ? (batch[0]?.entries ?? []) : batch.flatMap((one) => one.entries);
      if (entries.length > 0) await this.#params.store(entries);
    } catch (error) {
      // One that cannot be carried out must not take the others with it.
      if (batch.length > 1) for (const one of batch) await this.#carryOut([one]);
      else if (batch[0]) this.#failed(batch[0], error);
      return;
    }
    for (const { of, fate } of batch) if (fate) this.#params.settlements.end(of, fate);
  }

  async #publish(batch: readonly Conclusion[]): Promise<void> {
    const messages = batch.length === 1 ? (batch[0]?.messages ?? []) : batch.flatMap((one) => one.messages);
    if (messages.length === 0) return;
    await this.#params.publish(messages);
    // Sent once, even where storing fails and each of the batch is tried alone.
    for (const one of batch) one.messages = [];
  }

  #failed(conclusion: Conclusion, error: unknown): void {
    const { of, fate } = conclusion;
    const { logger, clock, settlements } = this.#params;
    const fields = { err: error, taskId: of.taskId, taskName: of.name };
    const what =
      conclusion.messages.length > 0
        ? "what follows it could not be sent"
        : `its state ${conclusion.entries[0]?.status ?? ""} could not be stored`;
    if (fate === undefined) {
      logger.warn(fields, `Task ${of.name}[${of.taskId}] goes on, but ${what}`);
    } else if (of.settled) {
      logger.error(fields, `Task ${of.name}[${of.taskId}] ended and was acknowledged before, but ${what}: its result is lost`);
    } else {
      logger.error(fields, `Task ${of.name}[${of.taskId}] ended, but ${what}: its message goes back to the queue and it will run again`);
      settlements.end(of, settlements.canDelay ? { kind: "requeue", visibleAt: clock.now() + GIVE_BACK_DELAY_MS } : GIVE_BACK);
    }
  }
}

/** A rejected task has no state of its own: what its document says is a failure. */
function storedState(outcome: ExecutionOutcome): TaskState {
  return outcome.state === "REJECTED" ? "FAILURE" : outcome.state;
}
