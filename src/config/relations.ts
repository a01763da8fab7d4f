// What must hold between settings, each with the whole sentence that a user reads. An error stops the app; a warning is logged.
import type { ResolvedSettings } from "./settings.ts";

interface Relation {
  readonly severity: "error" | "warning";
  /** The sentence where it does not hold, and otherwise undefined. */
  readonly check: (settings: ResolvedSettings) => string | undefined;
}

const relations: readonly Relation[] = [
  {
    severity: "error",
    check: ({ taskSoftTimeLimit: soft, taskTimeLimit: hard }) =>
      soft !== null && hard !== null && soft > hard
        ? `taskSoftTimeLimit (${soft} s) is over taskTimeLimit (${hard} s): the task's process would be killed before the task is told to stop; make the soft limit the shorter one`
        : undefined,
  },
  {
    severity: "error",
    check: (s) =>
      s.controlQueueExclusive && s.controlQueueDurable
        ? "controlQueueExclusive and controlQueueDurable are both true: a queue that ends with its connection cannot survive a restart of the broker; set one of them to false"
        : undefined,
  },
  {
    severity: "error",
    check: (s) =>
      s.eventQueueExclusive && s.eventQueueDurable
        ? "eventQueueExclusive and eventQueueDurable are both true: a queue that ends with its connection cannot survive a restart of the broker; set one of them to false"
        : undefined,
  },
  {
    severity: "error",
    check: (s) => {
      if (s.taskQueues === null || s.taskCreateMissingQueues) return undefined;
      const names = queueNames(s.taskQueues);
      return names.includes(s.taskDefaultQueue)
        ? undefined
        : `taskDefaultQueue is ${JSON.stringify(s.taskDefaultQueue)}, taskQueues has only ${names.map((name) => JSON.stringify(name)).join(", ") || "no queue"}, and taskCreateMissingQueues is false: a task that nothing routes could not be sent; name one of these queues, or add the queue`;
    },
  },
  {
    severity: "error",
    check: (s) => {
      if (s.taskSerializer !== "auth") return undefined;
      const missing = (["securityKey", "securityCertificate", "securityCertStore"] as const).filter((key) => s[key] === null);
      return missing.length > 0
        ? `taskSerializer is "auth", which signs messages and needs ${missing.join(", ")}; set them, or choose another serializer`
        : undefined;
    },
  },
  {
    severity: "error",
    check: ({ taskPublishRetryPolicy: policy }) =>
      policy.intervalStart > policy.intervalMax
        ? `taskPublishRetryPolicy has an intervalStart (${policy.intervalStart} s) over its intervalMax (${policy.intervalMax} s): the first wait would be longer than the longest`
        : undefined,
  },
  {
    severity: "error",
    check: (s) =>
      s.resultBackendBaseSleepBetweenRetriesMs > s.resultBackendMaxSleepBetweenRetriesMs
        ? `resultBackendBaseSleepBetweenRetriesMs (${s.resultBackendBaseSleepBetweenRetriesMs} ms) is over resultBackendMaxSleepBetweenRetriesMs (${s.resultBackendMaxSleepBetweenRetriesMs} ms): the first wait would be longer than the longest`
        : undefined,
  },
  {
    severity: "warning",
    check: (s) =>
      s.taskDefaultQueueType === "quorum" && s.taskQueueMaxPriority !== null
        ? `taskQueueMaxPriority is ${s.taskQueueMaxPriority} and taskDefaultQueueType is "quorum": RabbitMQ's quorum queues have no highest priority, so that it is not declared for them`
        : undefined,
  },
  {
    severity: "warning",
    check: (s) =>
      refusedSerializer(
        "taskSerializer",
        s.taskSerializer,
        "acceptContent",
        s.acceptContent,
        "workers with these settings refuse the tasks that this app sends",
      ),
  },
  {
    severity: "warning",
    check: (s) =>
      refusedSerializer(
        "resultSerializer",
        s.resultSerializer,
        s.resultAcceptContent === null ? "acceptContent" : "resultAcceptContent",
        s.resultAcceptContent ?? s.acceptContent,
        "this app refuses the results of its own tasks",
      ),
  },
  {
    severity: "warning",
    check: (s) =>
      s.taskAlwaysEager && s.taskIgnoreResult && s.taskStoreEagerResult
        ? "taskStoreEagerResult is true and taskIgnoreResult is true as well: results that are ignored are not stored, eager or not"
        : undefined,
  },
];

/** Adds a sentence to `problems` or `warnings` for each relation that does not hold. */
export function checkRelations(settings: ResolvedSettings, problems: string[], warnings: string[]): void {
  for (const { severity, check } of relations) {
    const sentence = check(settings);
    if (sentence !== undefined) (severity === "error" ? problems : warnings).push(sentence);
  }
}

function queueNames(queues: NonNullable<ResolvedSettings["taskQueues"]>): readonly string[] {
  if (!isList(queues)) return Object.keys(queues);
  return queues.map((queue) => (typeof queue === "string" ? queue : queue.name));
}

/** `Array.isArray` does not narrow lists that are readonly. */
function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

/** A serializer is accepted by its name or by a MIME type that has the name in it, such as application/x-yaml. */
function refusedSerializer(
  setting: string,
  serializer: string,
  list: string,
  accepted: readonly string[],
  result: string,
): string | undefined {
  if (accepted.some((content) => content === serializer || (content.includes("/") && content.includes(serializer)))) return undefined;
  return `${setting} is ${JSON.stringify(serializer)}, which ${list} (${accepted.join(", ")}) does not have: ${result}`;
}
