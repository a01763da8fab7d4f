// An AbortSignal that costs nothing until somebody looks at it: most jobs never do, and a controller for each would be a microsecond.

/** Makes its signal when it is first asked for, aborted already where that had come before. */
export class AbortOnDemand {
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  /** The signal. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Aborts it; the first reason stays. */
  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }
}

/** What the signal of an aborted job is aborted with: an error with the name `AbortError` and the reason for its message. */
export function abortError(reason: string): Error {
  return new DOMException(reason, "AbortError");
}
