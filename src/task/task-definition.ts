// A task as the worker knows it: its function, its options with every default filled in, and its handlers. Made by app/ from what the user
// wrote and the settings; read by execution/ and worker/.
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskState } from "../protocol/states.ts";
import type { TaskContext } from "./task-context.ts";

/** The class of an error, or a test for one. */
export type ErrorMatcher = (abstract new (...args: never[]) => unknown) | ((error: unknown) => boolean);

/** When and how a task is retried by itself. */
export interface AutoretryPolicy {
  readonly for: readonly ErrorMatcher[];
  readonly except: readonly ErrorMatcher[];
  /** First delay in seconds, doubled each time; null: the fixed delay. */
  readonly backoffSeconds: number | null;
  readonly backoffMaxSeconds: number;
  /** Whether a whole number between zero and the delay is drawn. */
  readonly jitter: boolean;
  /** The delay without backoff, in seconds; null: the task's `defaultRetryDelaySeconds`. */
  readonly countdownSeconds: number | null;
  /** The limit for automatic retries; undefined: the task's. */
  readonly maxRetries: number | null | undefined;
}

/** Options of a task that matter where it is executed, complete. */
export interface ExecutionOptions {
  /** Null: no limit. */
  readonly maxRetries: number | null;
  readonly defaultRetryDelaySeconds: number;
  readonly autoretry: AutoretryPolicy | null;
  /** Errors that are expected: logged as information, without a traceback. */
  readonly throws: readonly ErrorMatcher[];
  readonly ignoreResult: boolean;
  readonly storeErrorsEvenIfIgnored: boolean;
  readonly trackStarted: boolean;
  readonly acksLate: boolean;
  readonly acksOnFailure: boolean;
  readonly acksOnTimeout: boolean;
  readonly rejectOnWorkerLost: boolean;
  readonly sendEvents: boolean;
  /** Whether tasks sent from within are recorded as children. */
  readonly trail: boolean;
  readonly resultReprMaxSize: number;
  /** Hard time limit in seconds. */
  readonly timeLimitSeconds: number | null;
  /** Soft time limit in seconds. */
  readonly softTimeLimitSeconds: number | null;
  readonly rateLimit: string | number | null;
  /** Serializer of messages and results of this task; null: the setting's. */
  readonly serializer: string | null;
  readonly compression: string | null;
  readonly priority: number | null;
}

/** The app that a task is bound to, in a narrow word: what is registered is the whole app, and a handler may name its type so. */
export interface BindingApp {
  readonly name: string;
}

/** Called around a task's run, in the process that runs it. An error in one is logged and changes nothing. */
export interface TaskHandlers {
  readonly beforeStart?:
    | ((this: TaskContext, id: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown)
    | undefined;
  readonly onSuccess?:
    | ((this: TaskContext, result: unknown, id: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown)
    | undefined;
  readonly onRetry?:
    | ((this: TaskContext, error: unknown, id: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown)
    | undefined;
  readonly onFailure?:
    | ((this: TaskContext, error: unknown, id: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown)
    | undefined;
  readonly afterReturn?:
    | ((
        this: TaskContext,
        state: TaskState,
        result: unknown,
        id: string,
        args: readonly unknown[],
        kwargs: Readonly<Record<string, unknown>>,
      ) => unknown)
    | undefined;
  /** A signature is about to be sent in the task's place: what `replace()` was given. */
  readonly onReplace?: ((this: TaskContext, replacement: SignatureRecord) => unknown) | undefined;
  /** The task was registered with an app, in this process, before any of its calls. What it throws is thrown where the task is defined. */
  onBound?(this: void, app: BindingApp): unknown;
}

/** A task, ready to be executed. */
export interface TaskDefinition {
  readonly name: string;
  /** The body. Called with the context as `this`. */
  readonly run: (this: TaskContext, ...args: readonly never[]) => unknown;
  readonly options: ExecutionOptions;
  readonly handlers: TaskHandlers;
  /**
   * Positional arguments for `run`, from those of the message: keyword arguments bound by name, and the whole validated by the task's schema.
   * @throws TaskError CELERIAC_TASK_ARGUMENTS, with the path of the bad field
   */
  bindArguments(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): readonly unknown[] | Promise<readonly unknown[]>;
  /** How many positional parameters the body has: an errback with more than one is called inline. */
  readonly arity: number;
}

/** The tasks that a process can execute, by name. */
export interface TaskLookup {
  get(name: string): TaskDefinition | undefined;
  names(): Iterable<string>;
}
