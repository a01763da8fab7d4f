// How many short jobs may be sent to a child behind those that it runs. One hides the round trip of a pipe; more only while all of them
// together are likely to be over in a moment, for what waits in one child cannot be taken by another that is free.

/** What may wait in a child ahead of its time, in milliseconds of work. */
const AHEAD_MS = 2;
/** However short they are. */
const MOST_AHEAD = 64;
/** Longer runs count at once, shorter ones by and by: the estimate stays near the longest of the recent. */
const DECAY = 0.97;

/** Learns how long short jobs take, and says how many to send ahead. */
export class SendAhead {
  #estimateMs = AHEAD_MS;

  /** A short job took so long. */
  learn(runTimeMs: number): void {
    const faded = this.#estimateMs * DECAY;
    this.#estimateMs = runTimeMs > faded ? runTimeMs : faded;
  }

  /** How many may be sent behind the running ones: at least one. */
  get depth(): number {
    return Math.max(1, Math.min(MOST_AHEAD, Math.floor(AHEAD_MS / Math.max(this.#estimateMs, 0.001))));
  }
}
