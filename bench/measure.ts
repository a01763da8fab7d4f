// What every contestant reports, and how it is measured.
import { readFileSync, readdirSync } from "node:fs";

/** One line of output. */
export interface Line {
  readonly contestant: string;
  readonly workload: string;
  readonly tasks: number;
  readonly seconds: number;
  /** Tasks a second. */
  readonly rate: number;
  /** Microseconds of CPU a task, over all processes of the contestant. */
  readonly cpuMicros: number;
  readonly [figure: string]: unknown;
}

/** The payload of every task: the same for all contestants. */
export interface Payload {
  readonly id: number;
  readonly user: string;
  readonly action: string;
  readonly n: number;
}

/** The n-th payload. */
export function payload(n: number): Payload {
  return { id: n, user: `user-${n % 1000}`, action: "noop", n: n * 7 };
}

/** CPU time of this process alone, in microseconds. */
export function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU time of this process and of its living children, in microseconds. */
export function cpuMicros(): number {
  return ownCpuMicros() + childPids().reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function childPids(): number[] {
  return readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

/** The kernel counts in hundredths of a second. */
const TICK_MICROS = 10_000;

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

/** Prints a line as JSON, for the runner. */
export function report(line: Line): void {
  console.log(JSON.stringify(line));
}

/** The value below which this share of the sorted values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
