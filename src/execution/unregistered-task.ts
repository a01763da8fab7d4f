import { NotRegistered } from "../errors/task-errors.ts";
import type { ExecutionOptions, TaskDefinition } from "../task/task-definition.ts";

const OPTIONS: ExecutionOptions = Object.freeze({
  maxRetries: 0,
  defaultRetryDelaySeconds: 0,
  autoretry: null,
  throws: [],
  ignoreResult: false,
  storeErrorsEvenIfIgnored: true,
  trackStarted: false,
  acksLate: true,
  acksOnFailure: true,
  acksOnTimeout: true,
  rejectOnWorkerLost: true,
  sendEvents: true,
  trail: true,
  resultReprMaxSize: 1024,
  timeLimitSeconds: null,
  softTimeLimitSeconds: null,
  rateLimit: null,
  serializer: null,
  compression: null,
  priority: null,
});

/** Stands for a task that this process does not have, so that its message can be ended like any other: it is never run. */
export function unregisteredTask(name: string): TaskDefinition {
  const refuse = (): never => {
    throw new NotRegistered(name);
  };
  return { name, run: refuse, options: OPTIONS, handlers: {}, bindArguments: refuse, arity: 0 };
}
