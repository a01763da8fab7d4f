// The wake-up between processes. Beside the database lies a file of one byte, rewritten in place after a COMMIT that others should see;
// they watch it with fs.watch. (Watching the WAL itself loses a fifth of the wake-ups: the event comes before the commit is visible.)
// It is a hint: whoever watches must also look from time to time, and once after the watch is armed.
import { closeSync, constants, type FSWatcher, openSync, watch, writeSync } from "node:fs";

/** Shortest time between wake-ups on average, in milliseconds: a notification costs the writer 20 microseconds, a twelfth of this at most. */
const AVERAGE_GAP_MS = 0.25;
/** Wake-ups that may come at once after a silence: a request and its answer are often two commits close together, and neither should wait. */
const MOST_AT_ONCE = 4;
/** How long those wait that come too fast: the shortest that a timer can. */
const LATER_MS = 1;
const BYTE = new Uint8Array([0x2e]);

/** The wake file of one database. */
export class WakeFile {
  readonly #path: string;
  #fd: number | undefined;
  /** Until when wake-ups so far have used up the time; in the past where there was a silence. */
  #usedUntil = Number.NEGATIVE_INFINITY;
  #pending: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;
  #rearm: NodeJS.Timeout | undefined;
  #warned = false;

  constructor(databasePath: string) {
    this.#path = `${databasePath}.wake`;
  }

  /** Wakes the other processes, now or within a millisecond. */
  notify(): void {
    if (this.#pending !== undefined) return;
    if (this.#usedUntil - performance.now() <= (MOST_AT_ONCE - 1) * AVERAGE_GAP_MS) this.#write();
    else this.#pending = setTimeout(this.#write, LATER_MS); // sleeping readers are woken in real time
  }

  /** Calls `onWake` whenever somebody notified, we ourselves included. Errors end the watch until it could be armed again. */
  watch(onWake: () => void): void {
    if (this.#watcher !== undefined) return;
    try {
      this.#open();
      this.#watcher = watch(this.#path, { persistent: false }, (event) => {
        // Renamed or deleted: what we watch is no longer the file that others write.
        if (event === "rename") this.#armAgain(onWake);
        onWake();
      });
      this.#watcher.on("error", () => this.#armAgain(onWake));
    } catch (error) {
      // As where the system has no more watches to give: the look every half second still finds everything.
      this.#warn(
        `the wake file ${this.#path} cannot be watched, so news of other processes may come half a second late: ${(error as Error).message}`,
      );
    }
    onWake();
  }

  /** Ends the watch. */
  unwatch(): void {
    clearTimeout(this.#rearm);
    this.#rearm = undefined;
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Writes what is pending and lets go of the file. */
  close(): void {
    this.unwatch();
    if (this.#pending !== undefined) {
      clearTimeout(this.#pending);
      this.#write();
    }
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #armAgain(onWake: () => void): void {
    this.unwatch();
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#rearm = setTimeout(() => {
      this.#rearm = undefined;
      this.watch(onWake);
    }, 100);
    this.#rearm.unref();
  }

  #open(): number {
    // Neither truncated nor appended to: the byte is rewritten in place, so that a watcher sees one event and not two.
    this.#fd ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o644);
    return this.#fd;
  }

  readonly #write = (): void => {
    this.#pending = undefined;
    this.#usedUntil = Math.max(this.#usedUntil, performance.now()) + AVERAGE_GAP_MS;
    try {
      writeSync(this.#open(), BYTE, 0, 1, 0);
    } catch (error) {
      // What was committed stays committed; the others find it within half a second by themselves.
      this.#warn(
        `the wake file ${this.#path} cannot be written, so other processes may learn half a second late what this one does: ${(error as Error).message}`,
      );
    }
  };

  #warn(text: string): void {
    if (!this.#warned) process.emitWarning(text, "CeleriacWarning");
    this.#warned = true;
  }
}
