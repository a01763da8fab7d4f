// What becomes of a message when its task has ended. Pure: outcome and options in, fate out.
import type { Deaths } from "../broker/contract.ts";
import type { ExecutionOutcome } from "../execution/execution-outcome.ts";
import type { ExecutionOptions } from "../task/task-definition.ts";

/** What becomes of a message. */
export type Fate =
  | { readonly kind: "ack" }
  | { readonly kind: "requeue"; readonly death?: keyof Deaths; readonly visibleAt?: number }
  | { readonly kind: "dead-letter"; readonly reason: DeadReason; readonly detail: string; readonly deaths?: Deaths };

/** Why a message is among the dead letters. */
export type DeadReason = "rejected" | "malformed" | "unknown-task" | "redelivery-limit" | "failed";

/** Done with. */
export const ACK: Fate = Object.freeze({ kind: "ack" });
/** Given back, and nothing is counted. */
export const GIVE_BACK: Fate = Object.freeze({ kind: "requeue" });

/** The fate of a message whose task gave an outcome. */
export function fateOf(outcome: ExecutionOutcome, options: ExecutionOptions): Fate {
  switch (outcome.state) {
    case "REJECTED":
      return rejectedFate(outcome);
    case "FAILURE":
      if (outcome.unknown) return { kind: "dead-letter", reason: "unknown-task", detail: outcome.repr ?? "" };
      return options.acksOnFailure ? ACK : { kind: "dead-letter", reason: "failed", detail: outcome.repr ?? "" };
    default:
      return ACK;
  }
}

function rejectedFate(outcome: ExecutionOutcome): Fate {
  if (outcome.malformed) return { kind: "dead-letter", reason: "malformed", detail: outcome.repr ?? "" };
  return outcome.requeue ? GIVE_BACK : { kind: "dead-letter", reason: "rejected", detail: outcome.repr ?? "" };
}

/** Whether another death may follow so many. A limit of 0 allows none. */
export function mayDieAgain(deaths: number, limit: number): boolean {
  return deaths === 0 || deaths < limit;
}
