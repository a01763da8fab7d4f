// Hears what becomes of the jobs that the pool has, and decides what follows: one place where success, failure, retry, rejection, the death
// of a child, time limits and shutdown meet acknowledgement. Carrying it out is the affair of conclusions.ts.
import { constants } from "node:os";
import { TimeLimitExceeded, WorkerLostError } from "../errors/task-errors.ts";
import { endWithoutRunning } from "../execution/end-without-running.ts";
import type { ExecutionHost } from "../execution/execution-host.ts";
import type { ExecutionOutcome } from "../execution/execution-outcome.ts";
import type { ExecutionRequest } from "../execution/execution-request.ts";
import { outcomeFromWire, stateFromWire } from "../execution/outcome-wire.ts";
import type { JobLoss, JsonRecord, PoolOutcome } from "../pool/contract.ts";
import type { ActiveRequests } from "./active-requests.ts";
import type { Conclusions } from "./conclusions.ts";
import type { PrefetchBoost } from "./consumer/prefetch-boost.ts";
import { ACK, type Fate, fateOf, GIVE_BACK, mayDieAgain } from "./fate.ts";
import { learnRuntime, type Request, type RequestObserver } from "./request.ts";
import type { Settleable, Settlements } from "./settlements.ts";
import type { NamedTask, TaskLog } from "./task-log.ts";

/** What outcomes are judged by. */
export interface OutcomesParams {
  readonly host: ExecutionHost;
  readonly active: ActiveRequests;
  readonly conclusions: Conclusions;
  readonly settlements: Settlements;
  readonly log: TaskLog;
  /** How many deaths of children a message may cause. */
  readonly maxChildDeaths: number;
  /** Whether outcomes come from children, as JSON. */
  readonly wire: boolean;
  /** Told how long runs take, where the prefetch follows that. */
  readonly boost: PrefetchBoost | undefined;
}

/** A message whose task ends without having been run to its end. */
export interface Unrun extends Settleable {
  readonly execution: ExecutionRequest;
  readonly body: string | Uint8Array;
}

type Died = Extract<JobLoss, { kind: "died" }>;

/** Decides what follows the ends of a worker's tasks. */
export class Outcomes implements RequestObserver {
  readonly #params: OutcomesParams;
  readonly #wire: boolean;
  readonly #boost: PrefetchBoost | undefined;
  /** Ends that are still being built: errbacks may be asynchronous. */
  readonly #building = new Set<Promise<void>>();

  constructor(params: OutcomesParams) {
    this.#params = params;
    this.#wire = params.wire;
    this.#boost = params.boost;
  }

  /** Resolves when every end so far has been handed on. */
  async built(): Promise<void> {
    while (this.#building.size > 0) await Promise.all(this.#building);
  }

  onStarted(request: Request): void {
    this.#params.active.started();
    if (!request.definition.options.acksLate) this.#params.settlements.end(request, ACK);
  }

  onMessage(request: Request, message: JsonRecord): void {
    const update = stateFromWire(message);
    this.#params.conclusions.state(request, update.status, update.document);
  }

  onOutcome(request: Request, given: PoolOutcome): void {
    this.#params.active.remove(request);
    // The header is an ExecutionOutcome by agreement with whoever runs the jobs; in this process it is the record itself.
    const outcome = this.#wire ? outcomeFromWire(given) : (given.header as unknown as ExecutionOutcome);
    learnRuntime(request.entry, outcome.runtime);
    this.#boost?.learn(outcome.runtime);
    this.#logEnd(request, outcome);
    this.#params.conclusions.end(request, outcome, fateOf(outcome, request.definition.options));
  }

  onLost(request: Request, loss: JobLoss): void {
    this.#params.active.remove(request);
    switch (loss.kind) {
      case "not-started":
        this.#params.settlements.end(request, GIVE_BACK);
        break;
      case "died":
        this.#onDied(request, loss);
        break;
      case "time-limit":
        this.#onTimeLimit(request, loss.limitMs / 1000);
        break;
      case "terminated":
        this.#onTerminated(request, loss.signal);
        break;
    }
  }

  /** Ends a task as failed that is not running, or no longer, and gives its message this fate. */
  fail(request: Unrun, error: Error, fate: Fate): void {
    // Where this process made the error says nothing of the task.
    error.stack = `${error.name}: ${error.message}`;
    this.#endUnrun(request, { kind: "failure", error }, fate);
  }

  /** Ends a task that came too late. */
  expire(request: Unrun): void {
    this.#endUnrun(request, { kind: "expired" }, ACK);
  }

  #endUnrun(request: Unrun, reason: Parameters<typeof endWithoutRunning>[3], fate: Fate): void {
    const { host, conclusions, log } = this.#params;
    const building = endWithoutRunning(host, request.execution, request.body, reason).then(
      (outcome) => {
        // What is said of an unknown task was said when it came.
        if (!outcome.unknown) this.#logEnd(request, outcome);
        conclusions.end(request, outcome, fate);
      },
      (error: unknown) => {
        log.note("error", request, `the end of ${request.name}[${request.taskId}] could not be built; its message goes back to the queue`, {
          err: error,
        });
        this.#params.settlements.end(request, GIVE_BACK);
      },
    );
    this.#building.add(building);
    void building.then(() => this.#building.delete(building));
  }

  #onDied(request: Request, loss: Died): void {
    const { log, settlements, maxChildDeaths } = this.#params;
    const { options } = request.definition;
    const again = options.acksLate && options.rejectOnWorkerLost && !request.settled;
    const reason = deathText(loss, request.number);
    // The whole of it, stack included, is for the log; who asks for the result is told the first line.
    const fields = loss.error === undefined ? {} : { childError: loss.error };
    if (again && (!loss.started || loss.bystanderOf !== undefined)) {
      log.note(
        "warn",
        request,
        `Task ${request.name}[${request.taskId}] goes back to its queue, for it was not to blame: ${reason}`,
        fields,
      );
      settlements.end(request, GIVE_BACK);
      return;
    }
    const deaths = request.delivery.deaths.child + 1;
    if (again && mayDieAgain(deaths, maxChildDeaths)) {
      log.note(
        "error",
        request,
        `Task ${request.name}[${request.taskId}] lost its process: ${reason} It will run again (death ${deaths} of at most ${maxChildDeaths})`,
        fields,
      );
      settlements.end(request, { kind: "requeue", death: "child" });
      return;
    }
    if (loss.error !== undefined) log.note("error", request, `Task ${request.name}[${request.taskId}] lost its process: ${reason}`, fields);
    const detail = again ? `${reason} The task has killed ${deaths} processes, and the setting taskMaxChildDeaths allows no more.` : reason;
    this.fail(
      request,
      new WorkerLostError(detail),
      again
        ? { kind: "dead-letter", reason: "redelivery-limit", detail, deaths: { ...request.delivery.deaths, child: deaths } }
        : failedFate(request, detail),
    );
  }

  #onTimeLimit(request: Request, seconds: number): void {
    const { log, settlements, maxChildDeaths } = this.#params;
    log.note("error", request, `Hard time limit (${seconds}s) exceeded for ${request.name}[${request.taskId}]`);
    const fate = timedOutFate(request, seconds, maxChildDeaths);
    // A task that runs again has not failed: whoever waits for it goes on waiting.
    if (fate.kind === "requeue" && !request.settled) settlements.end(request, fate);
    else this.fail(request, new TimeLimitExceeded(seconds), fate);
  }

  /** A cold shutdown: what the broker still has goes back to it; what was acknowledged early will not run again and says so. */
  #onTerminated(request: Request, signal: string): void {
    const { log, settlements } = this.#params;
    if (!request.settled) {
      log.note("warn", request, `Task ${request.name}[${request.taskId}] was interrupted (${signal}) and goes back to its queue`);
      settlements.end(request, GIVE_BACK);
      return;
    }
    this.fail(
      request,
      new WorkerLostError(`The worker was shut down (${signal}) while the task ran; it was acknowledged early and will not run again.`),
      ACK,
    );
  }

  #logEnd(request: NamedTask, outcome: ExecutionOutcome): void {
    const { log } = this.#params;
    switch (outcome.state) {
      case "SUCCESS":
        if (log.enabled) log.succeeded(request, outcome.runtime, outcome.repr ?? "");
        break;
      case "FAILURE":
        log.raised(request, outcome.expected ?? false, outcome.repr ?? "", outcome.traceback);
        break;
      case "RETRY":
        if (log.enabled) log.retry(request, outcome.retryIn, outcome.repr);
        break;
      case "IGNORED":
        if (log.enabled) log.ignored(request);
        break;
      case "REJECTED":
        log.rejected(request, outcome.requeue ?? false, outcome.repr);
        break;
      case "REVOKED":
        if (log.enabled) log.discarded(request, outcome.repr ?? "revoked");
        break;
      default:
        log.note("warn", request, `Task ${request.name}[${request.taskId}] ended in the state ${outcome.state}`);
    }
  }
}

/** Where it shall run again, its child's death counts as any other: a task that is always too slow must not go round for ever. */
function timedOutFate({ definition, delivery }: Request, seconds: number, maxChildDeaths: number): Fate {
  if (definition.options.acksOnTimeout) return ACK;
  const deaths = { ...delivery.deaths, child: delivery.deaths.child + 1 };
  if (mayDieAgain(deaths.child, maxChildDeaths)) return { kind: "requeue", death: "child" };
  const detail = `The task has exceeded its time limit (${seconds}s) in ${deaths.child} processes, and the setting taskMaxChildDeaths allows no more.`;
  return { kind: "dead-letter", reason: "redelivery-limit", detail, deaths };
}

function failedFate(request: Request, detail: string): Fate {
  return request.definition.options.acksOnFailure ? ACK : { kind: "dead-letter", reason: "failed", detail };
}

/** How a child died, in Celery's words. */
function deathText(loss: Died, job: number): string {
  const how =
    loss.signal !== null
      ? `signal ${signalNumber(loss.signal)} (${loss.signal})`
      : loss.exitCode !== null
        ? `exitcode ${loss.exitCode}`
        : "its work function threw";
  return `Worker exited prematurely: ${how} Job: ${job}.${loss.error === undefined ? "" : ` ${loss.error.split("\n", 1)[0] ?? ""}`}`;
}

function signalNumber(signal: string): number | string {
  return (constants.signals as Readonly<Record<string, number>>)[signal] ?? "?";
}
