// The states of a task, as Celery names them on the wire.

/** The built-in states. A task may also have states of its own, such as `"PROGRESS"`. */
export const states = {
  PENDING: "PENDING",
  RECEIVED: "RECEIVED",
  STARTED: "STARTED",
  SUCCESS: "SUCCESS",
  FAILURE: "FAILURE",
  REVOKED: "REVOKED",
  REJECTED: "REJECTED",
  RETRY: "RETRY",
  IGNORED: "IGNORED",
} as const;

/** A built-in state's name. */
export type BuiltinState = keyof typeof states;

/** A state's name: a built-in one, or one of the user's own. */
export type TaskState = BuiltinState | (string & {});

/** The states in which a task has ended. */
export const READY_STATES: ReadonlySet<string> = new Set([states.SUCCESS, states.FAILURE, states.REVOKED]);

/** The states whose result is an exception. */
export const EXCEPTION_STATES: ReadonlySet<string> = new Set([states.RETRY, states.FAILURE, states.REVOKED]);

/** The states whose exception `get()` throws. */
export const PROPAGATE_STATES: ReadonlySet<string> = new Set([states.FAILURE, states.REVOKED]);

const PRECEDENCE: readonly string[] = ["SUCCESS", "FAILURE", "", "REVOKED", "STARTED", "RECEIVED", "REJECTED", "RETRY", "PENDING"];

/** Rank of a state: 0 is the strongest (SUCCESS). A state of the user's own stands between FAILURE and REVOKED. */
export function statePrecedence(state: TaskState): number {
  const at = PRECEDENCE.indexOf(state);
  return at >= 0 ? at : PRECEDENCE.indexOf("");
}

/** Whether a task in this state has ended. */
export function isReady(state: TaskState): boolean {
  return READY_STATES.has(state);
}
