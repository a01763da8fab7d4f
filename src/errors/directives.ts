// What a task throws to say how it wants to end. They are instructions, not failures, and are caught in one place: the execution pipeline.

const BRAND: unique symbol = Symbol.for("celeriac.directive") as never;

/** Base of what a task throws to steer its own end: `Retry`, `Ignore`, `Reject`. */
export abstract class TaskDirective extends Error {
  /** Which directive it is, on every copy of the package. */
  abstract readonly kind: "retry" | "ignore" | "reject";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a thrown value is a directive, of this or another copy of the package. */
  static is(value: unknown): value is Retry | Ignore | Reject {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: boolean })[BRAND] === true;
  }
}

/** The task shall be run again later. Made by `task.retry()`, which has already built the message. */
export class Retry extends TaskDirective {
  readonly kind = "retry" as const;
  /** When it runs again: a date, or seconds from now; null where that is at once. */
  readonly when: Date | number | null;
  /** The error for which it is retried, if any. */
  readonly reason: unknown;
  /** What is sent to run it again. Opaque here: the execution pipeline puts it in and reads it. */
  readonly resend: unknown;

  constructor(options: { readonly when?: Date | number | null; readonly reason?: unknown; readonly resend?: unknown } = {}) {
    const { when = null, reason, resend } = options;
    super(
      `Retry ${describeWhen(when)}${reason === undefined ? "" : `: ${String(reason)}`}`,
      reason === undefined ? undefined : { cause: reason },
    );
    this.when = when;
    this.reason = reason;
    this.resend = resend;
  }
}

function describeWhen(when: Date | number | null): string {
  if (when === null) return "now";
  return typeof when === "number" ? `in ${when}s` : `at ${when.toISOString()}`;
}

/** The task ends without a state: nothing is stored, no callback runs, the message is acknowledged. */
export class Ignore extends TaskDirective {
  readonly kind = "ignore" as const;
  constructor(message = "ignored") {
    super(message);
  }
}

/** The message is rejected: dead-lettered, or with `requeue` given back to its queue. */
export class Reject extends TaskDirective {
  readonly kind = "reject" as const;
  /** Why, for the log and the dead letter. */
  readonly reason: unknown;
  /** Whether the message goes back to its queue. */
  readonly requeue: boolean;

  constructor(reason?: unknown, requeue = false) {
    super(`rejected${reason === undefined ? "" : `: ${String(reason)}`}`);
    this.reason = reason;
    this.requeue = requeue;
  }
}
