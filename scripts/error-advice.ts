// What the error table does not say: for each code an example of its facts, which shows how its sentence reads, and what to do about it.
// Typed by the table, so that a code without advice, or an example that no longer fits, does not compile.
import type { Code, DetailsOf } from "../src/errors/codes.ts";

/** What docs/errors.md says of a code beside its sentence. */
export interface ErrorAdvice<C extends Code = Code> {
  /** Facts as an application may meet them. */
  readonly example: DetailsOf<C>;
  /** One sentence: what to do. */
  readonly help: string;
}

/** The advice for every code. */
export const errorAdvice: { readonly [C in Code]: ErrorAdvice<C> } = {
  CELERIAC_CONFIG_INVALID: {
    example: { problems: ['no setting is called "taskAckLate"; did you mean "taskAcksLate"?'] },
    help: "Correct each setting that the message names; all wrong ones are reported together.",
  },
  CELERIAC_CONFIG_IMPROPER: {
    example: { message: "expected the worker's option concurrency to be a whole number above zero, got: 0" },
    help: "Correct what the message names; nothing was started.",
  },

  CELERIAC_CONTENT_DISALLOWED: {
    example: { contentType: "application/x-python-serialize", accepted: ["application/json"] },
    help: "Let the sender use a serializer that is accepted, or add this one to `acceptContent` (for results `resultAcceptContent`); pickle is never read.",
  },
  CELERIAC_ENCODE_FAILED: {
    example: { serializer: "json", reason: "$.args[0].onDone is a function" },
    help: "Send plain data: the message has the path of the value that cannot be written.",
  },
  CELERIAC_DECODE_FAILED: {
    example: { contentType: "application/json", reason: "Unexpected end of JSON input" },
    help: "Look at who sent it: the bytes are not what the content type says, or they were cut.",
  },
  CELERIAC_SERIALIZER_UNKNOWN: {
    example: { name: "pickle", known: ["json", "yaml", "msgpack"] },
    help: "Use one of the known names, or install the optional package that the message names.",
  },
  CELERIAC_MESSAGE_INVALID: {
    example: { task: "shop.add", id: "8f14e45f", problem: 'expected the header "id" to be a text, got: nothing' },
    help: "Find who publishes to this queue: it does not send Celery's task messages; the message is kept as a dead letter.",
  },

  CELERIAC_BROKER_URL: {
    example: { url: "redsi://localhost", problem: "no driver is known for redsi://" },
    help: "Correct the URL that was given to the app, to `-b` or to `CELERY_BROKER_URL`.",
  },
  CELERIAC_BROKER_UNAVAILABLE: {
    example: { url: "sqlite:///data/shop.db", reason: "it is locked" },
    help: "Check that the broker runs and can be reached from here, then try again.",
  },
  CELERIAC_BROKER_LOST: {
    example: { url: "sqlite:///data/shop.db", reason: "the store failed" },
    help: "Try again: the next operation connects anew, and a worker does so by itself.",
  },
  CELERIAC_BROKER_CLOSED: {
    example: { operation: "publishing" },
    help: "Do not use an app, connection or consumer after its `close()`.",
  },
  CELERIAC_BROKER_REFUSED: {
    example: { operation: 'using the queue "reports"', reason: "it is exclusive to the connection that declared it" },
    help: "Do what the reason says; trying the same again fails in the same way.",
  },
  CELERIAC_PUBLISH_FAILED: {
    example: { target: "the queue celery", tries: 4, reason: "the database is locked" },
    help: "Treat the task as not sent; raise `maxRetries` of `taskPublishRetryPolicy` where the broker is away for longer than that.",
  },
  CELERIAC_PUBLISH_NACKED: {
    example: {
      target: 'the queue "celery"',
      reason: "it answered with a nack: the queue is full and rejects publications, or the broker has failed inside",
    },
    help: "Let workers empty the queue, raise its `x-max-length`, or read RabbitMQ's log; the publication was tried again by the publish retry policy.",
  },
  CELERIAC_DEAD_LETTER_NOT_FOUND: {
    example: { queue: "celery", id: "8f14e45f" },
    help: "List the dead letters again: somebody else may have sent it back or purged it.",
  },
  CELERIAC_QUEUE_NOT_FOUND: {
    example: { queue: "reprots", hint: 'did you mean "reports"?' },
    help: "Correct the name, add the queue to `taskQueues`, or let `taskCreateMissingQueues` create it.",
  },
  CELERIAC_MESSAGE_TOO_LARGE: {
    example: { bytes: 140_000_000, limit: 134_217_728, queue: "celery" },
    help: "Store the content elsewhere and send where it is; or raise `maxMessageBytes`.",
  },
  CELERIAC_STORE_UNUSABLE: {
    example: { path: "/data/shop.db", problem: "it is no SQLite database" },
    help: "Do what the problem says: choose another file, correct the rights of its folder, or update Celeriac where a newer one wrote the file.",
  },
  CELERIAC_STORE_FULL: {
    example: { path: "/data/shop.db" },
    help: "Make room on the disk; nothing that was accepted before is lost.",
  },
  CELERIAC_STORE_LOCKED: {
    example: { path: "/data/shop.db", waitedMs: 30_000 },
    help: "Find the process that keeps a transaction open in the file: often a database browser or a backup that is stopped halfway.",
  },
  CELERIAC_STORE_REPLACED: {
    example: { path: "/srv/shop.db", change: "deleted" },
    help: "Stop all workers and clients before you delete a database, move it or restore a backup over it; then remove its -wal and -shm files as well.",
  },
  CELERIAC_STORE_FAILED: {
    example: { path: "/data/shop.db", reason: "disk I/O error" },
    help: "Look at the disk and at the system's log; the operation may be tried again.",
  },

  CELERIAC_BACKEND_URL: {
    example: { url: "mangodb://localhost", problem: "no driver is known for mangodb://" },
    help: "Correct the URL that was given to the app, to `--result-backend` or to `CELERY_RESULT_BACKEND`.",
  },
  CELERIAC_BACKEND_DISABLED: {
    example: { operation: "get()" },
    help: "Set `resultBackend`, or do not ask for results.",
  },
  CELERIAC_BACKEND_UNAVAILABLE: {
    example: { url: "sqlite:///data/shop.db", reason: "it is locked" },
    help: "Check that the result backend runs and can be reached from here, then try again.",
  },
  CELERIAC_BACKEND_CLOSED: {
    example: { operation: "get()" },
    help: "Do not ask for results after the app's `close()`.",
  },
  CELERIAC_BACKEND_STORE_FAILED: {
    example: { taskId: "8f14e45f", state: "SUCCESS", reason: "the database is locked" },
    help: "Look at the result backend; the worker tries again, and a task whose result could not be stored is not acknowledged.",
  },
  CELERIAC_BACKEND_REFUSED: {
    example: { operation: "storing a result", reason: "string or blob too big" },
    help: "Do what the reason says; trying the same again fails in the same way.",
  },
  CELERIAC_BACKEND_UNSUPPORTED: {
    example: { backend: "rpc://", operation: "a chord", ability: "count", instead: "use sqlite:// or memory://" },
    help: "Use a result backend that has the ability that the message names.",
  },
  CELERIAC_RESULT_TIMEOUT: {
    example: { taskId: "8f14e45f", timeoutMs: 5000, state: "PENDING" },
    help: "Wait longer, or check that a worker takes from the task's queue; PENDING also means that the id is not known.",
  },

  CELERIAC_TASK_NOT_REGISTERED: {
    example: { task: "shop.ad", suggestion: "shop.add" },
    help: "Let the worker import the module that defines the task (`-A`, `-I` or the setting `imports`), or correct the name.",
  },
  CELERIAC_TASK_DUPLICATE: {
    example: { task: "shop.add" },
    help: "Give one of the two another name.",
  },
  CELERIAC_TASK_ARGUMENTS: {
    example: { task: "shop.add", problem: "expected at most 2 arguments (x, y), got 3" },
    help: "Correct the call; nothing was sent where it was refused by the caller. Arguments that are missing are refused only where the task has `params` or a `schema`: a JavaScript function does not say which of its parameters must be given.",
  },
  CELERIAC_TASK_OPTION: {
    example: { task: "shop.add", option: "softTimeLimit", problem: "expected it to be at most timeLimit (30 s), got: 40 s" },
    help: "Correct the option where the task is defined, or in `taskAnnotations`.",
  },
  CELERIAC_TASK_REVOKED: {
    example: { reason: "expired" },
    help: "Nothing, where it was meant; a task that expired came too late, so look at how long the queue is.",
  },
  CELERIAC_MAX_RETRIES_EXCEEDED: {
    example: { task: "shop.charge", id: "8f14e45f", args: "[1]", kwargs: "{}" },
    help: "Look for the reason of the retries in the worker's log; raise `maxRetries` where the trouble lasts longer.",
  },
  CELERIAC_TIME_LIMIT: {
    example: { seconds: 30 },
    help: "Raise `timeLimit`, or split the task; with a `softTimeLimit` it can clean up before it is killed.",
  },
  CELERIAC_SOFT_TIME_LIMIT: {
    example: { seconds: 20 },
    help: "Catch it in the task to clean up, and raise `softTimeLimit` where the time is too short.",
  },
  CELERIAC_WORKER_LOST: {
    example: { reason: "Worker exited prematurely: signal 9 (SIGKILL) Job: 7." },
    help: "Find what ended the process: often the system's memory limit, a native crash, or `process.exit()` in a task.",
  },
  CELERIAC_CHORD: {
    example: { reason: "Dependency 8f14e45f raised Error('out of stock')" },
    help: "Look at the member of the header that failed: the reason names its id.",
  },
  CELERIAC_REMOTE: {
    example: { type: "OperationalError", module: "sqlalchemy.exc", args: ["server closed the connection"] },
    help: "Look at the worker that raised it; `name`, `details.module` and `details.args` say what it was there.",
  },
  CELERIAC_BLOCKING_GET: {
    example: { task: "shop.report" },
    help: "Use `chain()` or `link`, so that no slot of the worker is held by a task that waits.",
  },
  CELERIAC_NO_CURRENT_TASK: {
    example: { operation: "task.retry()" },
    help: "Call it from within a task's function, or from what that function calls and awaits.",
  },
  CELERIAC_CANVAS: {
    example: { problem: "a chain needs at least one step, got none" },
    help: "Correct the signature that the message names.",
  },

  CELERIAC_POOL_CLOSED: {
    example: { operation: "submit()" },
    help: "Start the pool first, and do not use it after it was stopped.",
  },
  CELERIAC_POOL_START_FAILED: {
    example: { reason: "./tasks.ts threw while it was imported: Error: DATABASE_URL is not set" },
    help: "Correct what the reason says: most often the module of the app cannot be imported by the children.",
  },
  CELERIAC_POOL_UNSUPPORTED: {
    example: { pool: "async", ability: "kill one job", instead: "use prefork" },
    help: "Use a pool that has the ability that the message names.",
  },
  CELERIAC_POOL_DUPLICATE_JOB: {
    example: { job: "8f14e45f" },
    help: "Give each job an id of its own (for those who write against the pool contract).",
  },
  CELERIAC_POOL_FRAME_INVALID: {
    example: { expected: "a frame of kind 1 to 9", got: "kind 72" },
    help: "Find what writes to the pipe between the worker and its child: a library that uses its file descriptor, or another version of Celeriac in the child.",
  },
  CELERIAC_POOL_FRAME_TOO_BIG: {
    example: { bytes: 600_000_000, limit: 536_870_912 },
    help: "Store the content elsewhere and pass where it is.",
  },
  CELERIAC_POOL_NO_CHILD: {
    example: { operation: "serveJobs()" },
    help: "Do not import the entry module of a pool's children from your own program.",
  },

  CELERIAC_BOOTSTEP_UNKNOWN: {
    example: { step: "metrics", required: "evnts", blueprint: "worker" },
    help: "Correct the name in `requires`, or add the step that is missing; `celeriac graph bootsteps` shows those that there are.",
  },
  CELERIAC_BOOTSTEP_CYCLE: {
    example: { blueprint: "worker", path: ["a", "b", "a"] },
    help: "Take one `requires` of the circle away.",
  },
  CELERIAC_BOOTSTEP_INVALID: {
    example: { blueprint: "worker", problem: 'two of its steps are called "metrics"' },
    help: "Correct the step that the problem names.",
  },
  CELERIAC_WORKER_UNCONNECTED: {
    example: { url: "sqlite:///data/shop.db", reason: "the database is locked" },
    help: "Check the broker; raise `brokerConnectionMaxRetries` where it may be away for longer.",
  },
  CELERIAC_WORKER_STATE: {
    example: { operation: "start", state: "stopped" },
    help: "Make a new worker: each is started once.",
  },
  CELERIAC_APP_NOT_FOUND: {
    example: { module: "./tasks.ts", problem: "it exports no Celeriac app" },
    help: "Export the app from the module that `-A` names: `export const app = new Celeriac(...)`.",
  },
  CELERIAC_APP_IMPORT_FAILED: {
    example: { module: "./tasks.ts", reason: "Error: DATABASE_URL is not set" },
    help: "Correct the module: the reason is what it threw; the error's `cause` has the stack.",
  },
  CELERIAC_USAGE: {
    example: { message: 'no hook is called "taskSucces"; did you mean "taskSuccess"?' },
    help: "Do what the message says; the call or the command line cannot work as it is.",
  },
};
