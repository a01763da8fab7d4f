// Which error classes cross languages, and how. An error crosses by name: `TypeError` here is `TypeError` there, a task error of ours is
// Celery's exception of the same name, and a class that an app registers is made again where it is read.
import {
  ChordError,
  ContentDisallowed,
  MaxRetriesExceededError,
  NotRegistered,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerLostError,
} from "../errors/task-errors.ts";
import { safeRepr } from "../util/safe-repr.ts";

/** Module of JavaScript's own errors that Python does not have, and of classes whose module nobody named. */
export const JS_MODULE = "javascript";
/** Module of the exceptions that every Python has. */
export const PY_BUILTINS = "builtins";

/** How the errors of one class are written and read. */
export interface ErrorClass {
  /** Name on the wire. */
  readonly type: string;
  /** Module on the wire. An error of this name is read as this class whatever module it comes from, unless {@link strict}. @default "javascript" */
  readonly module?: string;
  /** Read only what comes from {@link module}. @default false */
  readonly strict?: boolean;
  /** Whether an error is written as this class. */
  matches(error: unknown): boolean;
  /** The arguments that are written, as Python's `exc.args`. */
  args(error: Error): readonly unknown[];
  /** Makes the error again; undefined where these arguments are not such an error's. */
  build(args: readonly unknown[], options: ErrorOptions | undefined): Error | undefined;
}

/** A constructor of errors that takes a message, as `Error` does. */
export type MessageErrorConstructor = new (message?: string, options?: ErrorOptions) => Error;

/** The error classes that one app can write and read by name. */
export class ErrorClasses {
  readonly #classes: ErrorClass[] = [...builtIn];
  readonly #byType: Map<string, ErrorClass> = new Map(builtIn.map((known) => [known.type, known]));

  /** Adds a class, whose constructor takes a message, or anything else in words of {@link ErrorClass}. Of two with one name the newer counts. */
  register(known: MessageErrorConstructor | ErrorClass): void {
    const row = typeof known === "function" ? messageErrorClass(known) : known;
    this.#classes.unshift(row);
    this.#byType.set(row.type, row);
  }

  /** How an error is written; undefined where its class is not known. */
  forError(error: unknown): ErrorClass | undefined {
    return this.#classes.find((known) => known.matches(error));
  }

  /** How an exception of this name is read. */
  forType(type: string, module: string | null): ErrorClass | undefined {
    const known = this.#byType.get(type);
    return known && (known.strict !== true || known.module === module) ? known : undefined;
  }
}

function messageErrorClass(constructor: MessageErrorConstructor, module: string = JS_MODULE): ErrorClass {
  return {
    type: constructor.name,
    module,
    matches: (error) => error instanceof Error && error.constructor === constructor,
    args: (error) => [error.message],
    build: (args, options) => new constructor(args.length === 0 ? "" : messageOf(args[0]), options),
  };
}

/** Whatever was thrown or raised in place of a message, as words. */
function messageOf(argument: unknown): string {
  return typeof argument === "object" && argument !== null ? safeRepr(argument) : String(argument);
}

const CELERY = "celery.exceptions";
const BILLIARD = "billiard.exceptions";

/** Of Celery: exception classes that carry one sentence. */
function sentence(
  type: string,
  module: string,
  is: (error: unknown) => boolean,
  make: (text: string, options?: ErrorOptions) => Error,
): ErrorClass {
  return {
    type,
    module,
    strict: true,
    matches: is,
    args: (error) => [error.message],
    build: (args, options) => withCause(make(messageOf(args[0] ?? ""), options), options),
  };
}

const RETRIES_SENTENCE = /^Can't retry (.*)\[(.*?)\] args:(.*) kwargs:(.*)$/s;

const builtIn: readonly ErrorClass[] = [
  sentence(
    "TaskRevokedError",
    CELERY,
    (e) => e instanceof TaskRevokedError,
    (text) => new TaskRevokedError(text),
  ),
  sentence(
    "ChordError",
    CELERY,
    (e) => e instanceof ChordError,
    (text, options) => new ChordError(text, options),
  ),
  sentence(
    "WorkerLostError",
    BILLIARD,
    (e) => e instanceof WorkerLostError,
    (text, options) => new WorkerLostError(text, options),
  ),
  {
    type: "NotRegistered",
    module: CELERY,
    strict: true,
    matches: (error) => error instanceof NotRegistered,
    args: (error) => [(error as NotRegistered).details.task],
    build: (args, options) => withCause(new NotRegistered(String(args[0])), options),
  },
  {
    type: "TimeLimitExceeded",
    module: BILLIARD,
    strict: true,
    matches: (error) => error instanceof TimeLimitExceeded,
    args: (error) => [(error as TimeLimitExceeded).details.seconds],
    build: (args, options) => (typeof args[0] === "number" ? withCause(new TimeLimitExceeded(args[0]), options) : undefined),
  },
  {
    type: "SoftTimeLimitExceeded",
    module: BILLIARD,
    strict: true,
    matches: (error) => error instanceof SoftTimeLimitExceeded,
    args(error) {
      const { seconds } = (error as SoftTimeLimitExceeded).details;
      return seconds === null ? [] : [seconds];
    },
    build: (args, options) => withCause(new SoftTimeLimitExceeded(typeof args[0] === "number" ? args[0] : null), options),
  },
  {
    type: "MaxRetriesExceededError",
    module: CELERY,
    strict: true,
    matches: (error) => error instanceof MaxRetriesExceededError,
    args: (error) => [error.message],
    build(args, options) {
      const [, task, id, taskArgs, kwargs] = RETRIES_SENTENCE.exec(String(args[0])) ?? [];
      if (task === undefined || id === undefined || taskArgs === undefined || kwargs === undefined) return undefined;
      return new MaxRetriesExceededError({ task, id, args: taskArgs, kwargs }, options);
    },
  },
  {
    type: "ContentDisallowed",
    module: "kombu.exceptions",
    strict: true,
    matches: (error) => error instanceof ContentDisallowed,
    args: (error) => [error.message],
    build: () => undefined,
  },
  ...[Error, RangeError, EvalError, URIError].map((constructor) => javascriptClass(constructor, JS_MODULE)),
  ...[TypeError, SyntaxError, ReferenceError].map((constructor) => javascriptClass(constructor, PY_BUILTINS)),
];

function javascriptClass(constructor: MessageErrorConstructor, module: string): ErrorClass {
  return {
    ...messageErrorClass(constructor, module),
    strict: true,
    // An Error that was given a name of its own keeps it.
    matches: (error) => error instanceof Error && error.constructor === constructor && error.name === constructor.name,
  };
}

/** The exceptions that every Python has and that take one sentence: an error of such a name is that exception there. */
export const PY_BUILTIN_NAMES: ReadonlySet<string> = new Set(
  (
    "ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError BufferError ChildProcessError ConnectionAbortedError ConnectionError " +
    "ConnectionRefusedError ConnectionResetError EOFError Exception FileExistsError FileNotFoundError FloatingPointError IOError ImportError IndexError " +
    "InterruptedError IsADirectoryError KeyError LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError " +
    "OverflowError PermissionError ProcessLookupError RecursionError ReferenceError RuntimeError StopIteration SyntaxError SystemError TimeoutError TypeError " +
    "UnboundLocalError UnicodeError ValueError Warning ZeroDivisionError"
  ).split(" "),
);

function withCause(error: Error, options: ErrorOptions | undefined): Error {
  if (options && error.cause === undefined)
    Object.defineProperty(error, "cause", { value: options.cause, writable: true, configurable: true, enumerable: false });
  return error;
}

/** The classes that are known without an app's doing. Not to be added to. */
export const builtInErrorClasses: Pick<ErrorClasses, "forError" | "forType"> = new ErrorClasses();
