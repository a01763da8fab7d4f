// The work of pools that run in the worker's own process, and of the children of the others: executing the message that a job carries.
import { createExecutor } from "../execution/executor.ts";
import type { ExecutionHost } from "../execution/execution-host.ts";
import type { ExecutionOutcome, StateUpdate } from "../execution/execution-outcome.ts";
import type { ExecutionRequest } from "../execution/execution-request.ts";
import type { ExecutionControl } from "../execution/executor-contract.ts";
import { outcomeToWire, stateToWire } from "../execution/outcome-wire.ts";
import type { PoolOutcome, RunningJob, Work } from "../pool/contract.ts";

/**
 * Work that executes task messages.
 * @param options.wire outcomes leave this process, so they must be JSON
 */
export function executeJobs(host: ExecutionHost, options: { readonly wire: boolean }): Work {
  const executor = createExecutor(host);
  const { wire } = options;
  const pack = wire ? outcomeToWire : asItIs;
  return (job) => {
    // The header of a job is an ExecutionRequest by agreement with the worker's requests.
    const outcome = executor.execute(job.header as unknown as ExecutionRequest, job.body, new JobControl(job, wire));
    return outcome instanceof Promise ? outcome.then(pack) : pack(outcome);
  };
}

/** An outcome that stays in its process. */
function asItIs(outcome: ExecutionOutcome): PoolOutcome {
  return { header: outcome as unknown as PoolOutcome["header"] };
}

/** Lets an execution see its job: the signal is made only when it is asked for. */
class JobControl implements ExecutionControl {
  readonly #job: RunningJob;
  readonly #wire: boolean;

  constructor(job: RunningJob, wire: boolean) {
    this.#job = job;
    this.#wire = wire;
  }

  get signal(): AbortSignal {
    return this.#job.signal;
  }

  onState(update: StateUpdate): void {
    this.#job.send(this.#wire ? stateToWire(update) : { ...update });
  }
}
