// The frames between a pool and its children, the same on a pipe and on a message port. Little-endian:
//   u32 length of what follows | u8 kind | u8 kind of body | u16 note | u32 number of the job | u32 length of the header | header, JSON | body, raw
// A frame that is about no job has number 0. The note belongs to outcomes: see `outcomeNote`.
import type { JsonRecord } from "./contract.ts";

/** Bytes before a frame's header. */
export const FRAME_PREFIX_BYTES = 16;

/** The longest frame that a pool carries, in bytes. Longer is a mistake or garbage: 512 MiB is near the longest string that V8 makes. */
export const MAX_FRAME_BYTES: number = 512 * 1024 * 1024;

/** What a frame says. Below 16: from the pool to a child; from 16: from a child to the pool. */
export const FrameKind = {
  /** What to import: `{module, data, concurrency, maxMemoryKiB}`. First of all. */
  init: 1,
  /** A job: `{id, header, abort?}` and its body. */
  job: 2,
  /** Abort the job's signal: `{reason}`. */
  abort: 3,
  /** Abort the job's signal because of its soft limit: `{seconds}`. */
  softLimit: 4,
  /** Return all jobs that have not started. */
  giveBack: 5,
  /** Return all jobs that have not started, end the others, exit. */
  stop: 6,
  /** Up: takes jobs. */
  ready: 16,
  /** The entry module could not be imported: `{error}`. The child exits. */
  failed: 17,
  /** The job starts now. In the pipe before the job's first instruction runs. */
  started: 18,
  /** Said by the job: the record itself. */
  message: 19,
  /** The job's outcome: its header and body. */
  outcome: 20,
  /** The work function threw: `{error}`. */
  rejected: 21,
  /** The job has not started and never will here. */
  returned: 22,
  /** A line for the log: `{level, message}`. */
  log: 23,
  /** The child dies of an uncaught exception: `{error}`. */
  dying: 24,
} as const;

/** One of the numbers of {@link FrameKind}. */
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** How a frame's body is to be read. */
export const BodyKind = { none: 0, text: 1, bytes: 2 } as const;

/** A decoded frame. */
export interface Frame {
  readonly kind: FrameKind;
  /** Number of the job; 0 where it is about none. */
  readonly job: number;
  readonly note: number;
  readonly header: JsonRecord;
  readonly body: string | Uint8Array | undefined;
}

const ABOVE_MEMORY = 0x8000;
const LONGEST_RUN_TIME = 0x7fff;
/** Microseconds in a unit of a note's run time. */
const RUN_TIME_UNIT_US = 10;

/** What an outcome's note carries: how long the job ran, up to 327 ms, and whether it left its child above the memory limit. */
export function outcomeNote(runTimeMs: number, aboveMemory: boolean): number {
  return Math.min(LONGEST_RUN_TIME, Math.round((runTimeMs * 1000) / RUN_TIME_UNIT_US)) | (aboveMemory ? ABOVE_MEMORY : 0);
}

/** The run time in an outcome's note, in milliseconds. */
export function noteRunTimeMs(note: number): number {
  return ((note & LONGEST_RUN_TIME) * RUN_TIME_UNIT_US) / 1000;
}

/** Whether an outcome's note says that the child is above its memory limit. */
export function isNoteAboveMemory(note: number): boolean {
  return (note & ABOVE_MEMORY) !== 0;
}
