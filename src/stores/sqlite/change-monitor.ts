// Tells when another process (or another connection of this one) has committed something. Woken by the wake file; looks at SQLite's
// data_version every half second as well, so that a lost wake-up costs no more than that.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isBusy } from "./store-error.ts";
import type { WakeFile } from "./wake-file.ts";

/** How often data_version is looked at without a wake-up, in milliseconds. */
export const SAFETY_NET_MS = 500;

/** What a listener hears. */
export interface ChangeListener {
  /** Others have committed; at least once for each of their changes. */
  onChange(): void;
  /** Half a second has passed, changed or not. */
  onTick?(): void;
}

/** The listeners to one database. Runs while there are any, and up to half a second longer: who waits for one result after the other comes back. */
export class ChangeMonitor {
  readonly #wake: WakeFile;
  readonly #dataVersion: StatementSync;
  readonly #listeners = new Set<ChangeListener>();
  readonly #refusal: () => unknown;
  #keepers = 0;
  #seen: unknown;
  #timer: NodeJS.Timeout | undefined;

  /** @param refusal asked twice a second: why the database cannot be used any more; undefined where it can */
  constructor(db: DatabaseSync, wake: WakeFile, refusal: () => unknown) {
    this.#wake = wake;
    this.#refusal = refusal;
    this.#dataVersion = db.prepare("PRAGMA data_version");
  }

  /** Starts to tell this listener; gives the function that ends it. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    if (this.#timer === undefined) {
      this.#seen = this.#readVersion();
      this.#timer = setInterval(this.#tick, SAFETY_NET_MS); // looks after real processes, so real time
      if (this.#keepers === 0) this.#timer.unref();
      this.#wake.watch(this.#check);
    }
    return () => void this.#listeners.delete(listener);
  }

  /** Keeps the process alive until the function it gives is called: somebody waits for what others will do. */
  keepAlive(): () => void {
    if (this.#keepers++ === 0) this.#timer?.ref();
    let kept = true;
    return () => {
      if (!kept) return;
      kept = false;
      if (--this.#keepers === 0) this.#timer?.unref();
    };
  }

  /** Ends it for all listeners. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#wake.unwatch();
    this.#listeners.clear();
  }

  /** A number, or something unequal to all others where the database was locked for a moment. */
  #readVersion(): unknown {
    try {
      return this.#dataVersion.get()?.["data_version"];
    } catch (error) {
      if (isBusy(error)) return Symbol("locked");
      throw error;
    }
  }

  readonly #check = (): void => {
    if (this.#listeners.size === 0) return;
    // Our own notifications come back to us; our own commits leave data_version as it is.
    const version = this.#readVersion();
    if (version === this.#seen) return;
    this.#seen = version;
    for (const listener of this.#listeners) listener.onChange();
  };

  readonly #tick = (): void => {
    if (this.#listeners.size === 0) this.stop();
    // Who is told of the loss has stopped us as well.
    if (this.#timer === undefined || this.#refusal() !== undefined) return;
    this.#check();
    for (const listener of this.#listeners) listener.onTick?.();
  };
}
