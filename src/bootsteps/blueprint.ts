// A set of steps that is started in order and stopped in reverse.
//   initializing --start()--> running --stop()--> closing --> stopped
//   initializing, running --terminate()--> terminating --> stopped
//   a start that throws stops what was started, in reverse, and is thrown on: --> stopped
// A restart stops all steps in reverse and starts them again; one that throws leaves nothing started, and may be tried again. `stop` and
// `terminate` come through from any state; while steps are starting they wait for the one that is, and no further one is started.
import { WorkerError } from "../errors/celeriac-error.ts";
import { createDeferred, type Deferred } from "../util/deferred.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import type { Step } from "./step.ts";
import { orderSteps } from "./step-order.ts";

/** Where a blueprint is in its life. */
export const blueprintStates = {
  initializing: "initializing",
  running: "running",
  closing: "closing",
  terminating: "terminating",
  stopped: "stopped",
} as const;

/** Where a blueprint is in its life. */
export type BlueprintState = keyof typeof blueprintStates;

/** What a blueprint is made of. */
export interface BlueprintParams<Parent> {
  /** Shown in logs and errors, such as `worker`. */
  readonly name: string;
  readonly steps: Iterable<Step<Parent>>;
  readonly logger?: Logger;
}

/** Steps and their life. */
export class Blueprint<Parent> {
  readonly name: string;
  readonly #logger: Logger;
  readonly #stopped: Deferred<void> = createDeferred();
  #steps = new Map<string, Step<Parent>>();
  /** In order; from `build` on. */
  #order: readonly Step<Parent>[] | undefined;
  #isBuilt = false;
  /** Those that take part, in order. */
  #included: readonly Step<Parent>[] = [];
  /** How many of the included ones were started, the one that is starting counted in. */
  #started = 0;
  #state: BlueprintState = blueprintStates.initializing;
  /** The start or restart under way. */
  #starting: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  readonly #toEnd = new AbortController();

  constructor(params: BlueprintParams<Parent>) {
    this.name = params.name;
    this.#logger = params.logger ?? silentLogger;
    for (const step of params.steps) this.add(step);
  }

  /** Where it is in its life. */
  get state(): BlueprintState {
    return this.#state;
  }

  /** The steps: in order once it is built, as they were added before. */
  get steps(): readonly Step<Parent>[] {
    return this.#order ?? [...this.#steps.values()];
  }

  /** Adds a step, in the place of one of the same name. */
  add(step: Step<Parent>): void {
    this.#change();
    this.#steps.set(step.name, step);
  }

  /** Puts a step in the place of another one, which others then require under the name of the new one. */
  replace(name: string, step: Step<Parent>): void {
    this.#change();
    if (!this.#steps.has(name)) throw this.#invalid(`no step is called ${name}, so that none can be replaced`);
    const renamed = (one: Step<Parent>): Step<Parent> =>
      one.requires?.includes(name) ? { ...one, requires: one.requires.map((required) => (required === name ? step.name : required)) } : one;
    const entries = [...this.#steps].filter(([other]) => other === name || other !== step.name);
    this.#steps = new Map(entries.map(([other, one]) => (other === name ? [step.name, step] : [other, renamed(one)])));
  }

  /** Removes a step; false where there is none of that name. */
  remove(name: string): boolean {
    this.#change();
    return this.#steps.delete(name);
  }

  /**
   * Orders the steps and creates those that take part. Done by `start` where it was not done before.
   * @throws WorkerError where there is no order
   */
  async build(parent: Parent): Promise<void> {
    if (this.#order) return;
    this.#order = orderSteps(this.name, [...this.#steps.values()]);
    this.#logger.debug({ blueprint: this.name, steps: this.#order.map((step) => step.name) }, `boot order of the ${this.name} blueprint`);
    for (const step of this.#order) step.init?.(parent);
    const included: Step<Parent>[] = [];
    for (const step of this.#order) {
      if (step.enabled && !step.enabled(parent)) continue;
      await step.create?.(parent);
      included.push(step);
    }
    this.#included = included;
    this.#isBuilt = true;
  }

  /** Starts the steps in order. Where one throws, those before it and itself are stopped, the blueprint has ended, and the error is thrown on. */
  async start(parent: Parent): Promise<void> {
    if (this.#state !== blueprintStates.initializing || this.#starting)
      throw this.#invalid(`it cannot be started while it is ${this.#describe()}`);
    await this.#startWith(parent, true);
  }

  /**
   * Stops the steps in reverse and starts them again from the first, as after a lost connection. They are not closed and not created anew.
   * Where one throws, those that were started are stopped and the error is thrown on; then it may be restarted again. It may also be the first start.
   */
  async restart(parent: Parent): Promise<void> {
    if (this.#ending) return this.#stopped.promise;
    if (this.#starting) throw this.#invalid("it cannot be restarted while it is starting");
    await this.#startWith(parent, false);
  }

  /** Closes the steps in order, then stops them in reverse. What they throw is logged. Safe to call twice. */
  stop(parent: Parent): Promise<void> {
    this.#ending ??= this.#end(parent, blueprintStates.closing);
    return this.#stopped.promise;
  }

  /** Ends the steps at once, in reverse. What they throw is logged. During a stop it ends those that have not been stopped yet. */
  terminate(parent: Parent): Promise<void> {
    if (this.#state === blueprintStates.stopped) return this.#stopped.promise;
    this.#state = blueprintStates.terminating;
    this.#ending ??= this.#end(parent, blueprintStates.terminating);
    return this.#stopped.promise;
  }

  /** Resolves when it has stopped. */
  join(): Promise<void> {
    return this.#stopped.promise;
  }

  /** What the steps that take part tell of themselves, by step. */
  info(parent: Parent): Readonly<Record<string, unknown>> {
    const told: Record<string, unknown> = {};
    for (const step of this.#included) {
      const info = step.info?.(parent);
      if (info !== undefined) told[step.name] = info;
    }
    return told;
  }

  /** @param once whether a failure is its end; a failure of building always is */
  async #startWith(parent: Parent, once: boolean): Promise<void> {
    const starting = this.#tryToStart(parent, once);
    // Only for whoever ends it meanwhile: the error is thrown to the caller below.
    this.#starting = starting.catch(() => undefined);
    try {
      await starting;
    } catch (error) {
      this.#starting = undefined;
      const wasEnded = this.#ending !== undefined;
      if (once || !this.#isBuilt) this.#ending ??= this.#end(parent, blueprintStates.closing);
      if (this.#ending) await this.#stopped.promise;
      if (!wasEnded || error !== this.#toEnd.signal.reason) throw error;
    } finally {
      this.#starting = undefined;
    }
  }

  async #tryToStart(parent: Parent, once: boolean): Promise<void> {
    await this.build(parent);
    if (this.#ending) return;
    this.#state = blueprintStates.running;
    await this.#stopStarted(parent, "stop");
    try {
      await this.#startAll(parent);
    } catch (error) {
      if (!once && !this.#ending) await this.#stopStarted(parent, "stop");
      throw error;
    }
  }

  async #startAll(parent: Parent): Promise<void> {
    for (const step of this.#included) {
      if (this.#ending) return;
      this.#started++;
      if (!step.start) continue;
      this.#logger.debug({ blueprint: this.name, step: step.name }, `starting ${labelOf(step)}`);
      await step.start(parent, this.#toEnd.signal);
    }
  }

  async #end(parent: Parent, state: typeof blueprintStates.closing | typeof blueprintStates.terminating): Promise<void> {
    this.#state = state;
    this.#toEnd.abort();
    await this.#starting;
    for (const step of this.#included.slice(0, this.#started)) {
      if (this.#state === blueprintStates.terminating) break;
      await this.#attempt(step, "close", step.close, parent);
    }
    await this.#stopStarted(parent, "end");
    this.#state = blueprintStates.stopped;
    this.#stopped.resolve();
  }

  /** In reverse. A termination that comes meanwhile ends the rest at once. */
  async #stopStarted(parent: Parent, how: "stop" | "end"): Promise<void> {
    while (this.#started > 0) {
      const step = this.#included[--this.#started];
      if (!step) continue;
      if (how === "end" && this.#state === blueprintStates.terminating)
        await this.#attempt(step, "terminate", step.terminate ?? step.stop, parent);
      else await this.#attempt(step, "stop", step.stop, parent);
    }
  }

  async #attempt(step: Step<Parent>, what: string, call: Step<Parent>["stop"], parent: Parent): Promise<void> {
    if (!call) return;
    this.#logger.debug({ blueprint: this.name, step: step.name }, `${what} of ${labelOf(step)}`);
    try {
      await call.call(step, parent);
    } catch (error) {
      this.#logger.error({ err: error, blueprint: this.name, step: step.name }, `the step ${labelOf(step)} threw at ${what}`);
    }
  }

  #change(): void {
    if (this.#order) throw this.#invalid("its steps cannot be changed after it was built");
  }

  #describe(): string {
    return this.#starting ? "starting" : this.#state;
  }

  #invalid(problem: string): WorkerError {
    return new WorkerError("CELERIAC_BOOTSTEP_INVALID", { blueprint: this.name, problem });
  }
}

function labelOf(step: Step<never>): string {
  return step.label ?? step.name;
}
