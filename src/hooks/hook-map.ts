// Celery's signals as hooks: each name with what its handlers are given.
import type { AppHookMap } from "./app-hooks.ts";
import type { TaskHookMap } from "./task-hooks.ts";
import type { WorkerHookMap } from "./worker-hooks.ts";

/** Every hook by name, with what its handlers are given. */
export interface HookMap extends TaskHookMap, WorkerHookMap, AppHookMap {}

/** Name of a hook. */
export type HookName = keyof HookMap;

/** Celery's name of each hook's signal. */
export const celeryNamesOfHooks: Readonly<Record<HookName, string>> = {
  beforeTaskPublish: "before_task_publish",
  afterTaskPublish: "after_task_publish",
  taskReceived: "task_received",
  taskPrerun: "task_prerun",
  taskPostrun: "task_postrun",
  taskSuccess: "task_success",
  taskRetry: "task_retry",
  taskFailure: "task_failure",
  taskInternalError: "task_internal_error",
  taskRevoked: "task_revoked",
  taskRejected: "task_rejected",
  taskUnknown: "task_unknown",
  celeriacInit: "celeryd_init",
  celeriacAfterSetup: "celeryd_after_setup",
  workerInit: "worker_init",
  workerReady: "worker_ready",
  workerShuttingDown: "worker_shutting_down",
  workerShutdown: "worker_shutdown",
  workerBeforeCreateProcess: "worker_before_create_process",
  workerProcessInit: "worker_process_init",
  workerProcessShutdown: "worker_process_shutdown",
  heartbeatSent: "heartbeat_sent",
  setupLogging: "setup_logging",
  afterSetupLogger: "after_setup_logger",
  afterSetupTaskLogger: "after_setup_task_logger",
  importModules: "import_modules",
  onConfigure: "on_configure",
  onAfterConfigure: "on_after_configure",
  onAfterFinalize: "on_after_finalize",
  onAfterFork: "on_after_fork",
  userPreloadOptions: "user_preload_options",
  beatInit: "beat_init",
  beatEmbeddedInit: "beat_embedded_init",
  testWorkerStarting: "test_worker_starting",
  testWorkerStarted: "test_worker_started",
  testWorkerStopped: "test_worker_stopped",
};
