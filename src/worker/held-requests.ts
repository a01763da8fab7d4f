// Requests that wait here for their eta, where the broker cannot keep them until then. Each raises the prefetch by one, so that tasks which
// wait do not stop others from being fetched. A broker with the capability `delay` never gets here: it parks them itself.
import type { Clock, Timer } from "../util/clock.ts";
import type { Prefetch } from "./consumer/prefetch.ts";
import type { Request } from "./request.ts";

/** What holding works with. */
export interface HeldRequestsParams {
  readonly clock: Clock;
  readonly prefetch: Prefetch;
}

/** The requests of a worker that wait for their eta. */
export class HeldRequests {
  readonly #params: HeldRequestsParams;
  readonly #timers = new Map<Request, Timer>();

  constructor(params: HeldRequestsParams) {
    this.#params = params;
  }

  /** How many wait. */
  get size(): number {
    return this.#timers.size;
  }

  /** Keeps a request until then. */
  hold(request: Request, dueMs: number, onDue: (request: Request) => void): void {
    const { clock, prefetch } = this.#params;
    prefetch.increment();
    const timer = clock.setTimer(() => {
      this.#timers.delete(request);
      prefetch.decrement();
      onDue(request);
    }, dueMs - clock.now());
    this.#timers.set(request, timer);
  }

  /** Lets go of all: they are the caller's to give back. */
  release(): readonly Request[] {
    const released = [...this.#timers.keys()];
    for (const timer of this.#timers.values()) timer.cancel();
    for (const _ of released) this.#params.prefetch.decrement();
    this.#timers.clear();
    return released;
  }
}
