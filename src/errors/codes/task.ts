/** Errors that end a task, or that stop one from being sent. Where Celery has an exception of the same meaning, the class has its name. */
export const taskCodes = {
  CELERIAC_TASK_NOT_REGISTERED: {
    family: "task",
    retryable: false,
    message: (d: { readonly task: string; readonly suggestion?: string | undefined }): string =>
      `no task is registered as ${JSON.stringify(d.task)}${d.suggestion ? `; did you mean ${JSON.stringify(d.suggestion)}?` : ""}`,
  },
  CELERIAC_TASK_DUPLICATE: {
    family: "task",
    retryable: false,
    message: (d: { readonly task: string }): string =>
      `a task called ${JSON.stringify(d.task)} is already registered on this app; task names are unique`,
  },
  CELERIAC_TASK_ARGUMENTS: {
    family: "task",
    retryable: false,
    message: (d: { readonly task: string; readonly problem: string }): string => `the arguments of task ${d.task} are wrong: ${d.problem}`,
  },
  CELERIAC_TASK_OPTION: {
    family: "usage",
    retryable: false,
    message: (d: { readonly task: string; readonly option: string; readonly problem: string }): string =>
      `the option ${d.option} of task ${d.task} is wrong: ${d.problem}`,
  },
  CELERIAC_TASK_REVOKED: { family: "task", retryable: false, message: (d: { readonly reason: string }): string => d.reason },
  CELERIAC_MAX_RETRIES_EXCEEDED: {
    family: "task",
    retryable: false,
    message: (d: { readonly task: string; readonly id: string; readonly args: string; readonly kwargs: string }): string =>
      `Can't retry ${d.task}[${d.id}] args:${d.args} kwargs:${d.kwargs}`,
  },
  CELERIAC_TIME_LIMIT: {
    family: "task",
    retryable: false,
    message: (d: { readonly seconds: number }): string => `TimeLimitExceeded(${d.seconds})`,
  },
  CELERIAC_SOFT_TIME_LIMIT: {
    family: "task",
    retryable: false,
    message: (d: { readonly seconds: number | null }): string => `SoftTimeLimitExceeded(${d.seconds ?? ""})`,
  },
  CELERIAC_WORKER_LOST: { family: "task", retryable: false, message: (d: { readonly reason: string }): string => d.reason },
  CELERIAC_CHORD: { family: "task", retryable: false, message: (d: { readonly reason: string }): string => d.reason },
  CELERIAC_REMOTE: {
    family: "task",
    retryable: false,
    message: (d: { readonly type: string; readonly module: string | null; readonly args: readonly unknown[] }): string =>
      d.args.length === 1 && typeof d.args[0] === "string" ? d.args[0] : `${d.type}(${d.args.map((a) => JSON.stringify(a)).join(", ")})`,
  },
  CELERIAC_BLOCKING_GET: {
    family: "usage",
    retryable: false,
    message: (d: { readonly task: string }): string =>
      `task ${d.task} waits for another task's result, which can stop all progress when every slot waits; compose the two with chain(), or pass { disableSyncSubtasks: false }`,
  },
  CELERIAC_NO_CURRENT_TASK: {
    family: "usage",
    retryable: false,
    message: (d: { readonly operation: string }): string => `${d.operation} works only inside a running task`,
  },
  CELERIAC_CANVAS: { family: "usage", retryable: false, message: (d: { readonly problem: string }): string => d.problem },
} as const;
