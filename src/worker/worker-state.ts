// The states of a worker, and which may follow which:
//   initializing  built, nothing started
//   starting      steps are being started
//   running       consuming
//   stopping      warm: takes no more, finishes what runs
//   terminating   cold: what runs is given back or recorded, and killed
//   stopped       every step is down
// The table is the only place that knows the order; a move that it does not have is refused.

/** Where a worker is in its life. */
export type WorkerState = "initializing" | "starting" | "running" | "stopping" | "terminating" | "stopped";

const MOVES: Readonly<Record<WorkerState, readonly WorkerState[]>> = {
  initializing: ["starting", "stopped"],
  starting: ["running", "stopping", "terminating", "stopped"],
  running: ["stopping", "terminating"],
  stopping: ["terminating", "stopped"],
  terminating: ["stopped"],
  stopped: [],
};

/** Whether a worker may go from one state to another. */
export function canMove(from: WorkerState, to: WorkerState): boolean {
  return MOVES[from].includes(to);
}

/** How a worker is asked to end: `warm` finishes what runs, `cold` interrupts it. */
export type Shutdown = "warm" | "cold";
