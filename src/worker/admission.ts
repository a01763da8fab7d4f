// Decides what happens to a delivery: it is run now, held for its eta, parked in the broker, ended because it came too late or has killed
// too often, or refused. Celery's order: read, find the task, expiry, hooks and the log line, eta, pool. Only headers are read here.
import type { Delivery } from "../broker/contract.ts";
import { NotRegistered, WorkerLostError } from "../errors/task-errors.ts";
import type { ExecutionHost } from "../execution/execution-host.ts";
import type { ExecutionRequest } from "../execution/execution-request.ts";
import type { ExecutionPool } from "../pool/contract.ts";
import { decodeTaskMessage, type TaskMessage } from "../protocol/decode-task-message.ts";
import { expiresAt } from "../protocol/expires-at.ts";
import type { Clock } from "../util/clock.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { parseIsoTime } from "../util/iso-time.ts";
import type { Logger } from "../util/logger.ts";
import type { ActiveRequests } from "./active-requests.ts";
import { mayDieAgain } from "./fate.ts";
import type { HeldRequests } from "./held-requests.ts";
import type { Outcomes } from "./outcomes.ts";
import { Request, type TaskEntry } from "./request.ts";
import type { Settlements } from "./settlements.ts";
import type { TaskLog } from "./task-log.ts";
import { UnknownTasks } from "./unknown-tasks.ts";

/** What admission works with. */
export interface AdmissionParams {
  readonly host: ExecutionHost;
  readonly pool: ExecutionPool;
  readonly active: ActiveRequests;
  readonly held: HeldRequests;
  readonly outcomes: Outcomes;
  readonly settlements: Settlements;
  readonly log: TaskLog;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly maxWorkerDeaths: number;
  readonly maxChildDeaths: number;
  /** What is done with messages of unknown tasks. */
  readonly unknown: "reject" | "park";
  /** Limits of tasks that have none of their own. */
  readonly timeLimitSeconds: number | null;
  readonly softTimeLimitSeconds: number | null;
}

/** Admits the deliveries of a worker. */
export class Admission {
  readonly #params: AdmissionParams;
  readonly #entries = new Map<string, TaskEntry>();
  readonly #unknown: UnknownTasks;
  #closed = false;

  constructor(params: AdmissionParams) {
    this.#params = params;
    this.#unknown = new UnknownTasks(params);
  }

  /** What the worker has learned of its tasks, by name. */
  get entries(): ReadonlyMap<string, TaskEntry> {
    return this.#entries;
  }

  /** From now on deliveries are given back. */
  close(): void {
    this.#closed = true;
  }

  /** Takes a batch of deliveries. Never throws. */
  admitAll(deliveries: readonly Delivery[]): void {
    const now = this.#params.clock.now();
    for (const delivery of deliveries) {
      try {
        this.#admit(delivery, now);
      } catch (error) {
        this.#refuse(delivery, error);
      }
    }
  }

  #admit(delivery: Delivery, now: number): void {
    const { host, settlements } = this.#params;
    const message = decodeTaskMessage(delivery, host.serializers, host.accept);
    const entry = this.#entry(message.headers.task);
    if (entry === undefined) {
      const known = { execution: executionRequest(delivery, message, false), delivery, connection: settlements.connectionNumber };
      this.#unknown.refuse(known, new NotRegistered(message.headers.task, didYouMean(message.headers.task, host.tasks.names())));
      return;
    }
    const request = this.#request(delivery, message, entry);
    const { active, log } = this.#params;
    active.add(request);
    if (log.enabled) log.received(request);
    if (this.#closed) this.#giveBack(request);
    else if (this.#mayRun(request, now)) this.#place(request, now);
  }

  /** Ends what must not run. */
  #mayRun(request: Request, now: number): boolean {
    const { outcomes, active, host, maxWorkerDeaths, maxChildDeaths } = this.#params;
    const { headers, delivery } = request;
    if (headers.expires !== null && expiresAt(headers.expires) <= now) {
      active.remove(request);
      if (host.hooks.has("taskRevoked"))
        host.hooks.emit("taskRevoked", { sender: headers.task, request: headers, terminated: false, signal: null, expired: true });
      outcomes.expire(request);
      return false;
    }
    const { child, worker } = delivery.deaths;
    if (mayDieAgain(worker, maxWorkerDeaths) && mayDieAgain(child, maxChildDeaths)) return true;
    const detail = mayDieAgain(worker, maxWorkerDeaths)
      ? `The task has killed ${child} processes, and the setting taskMaxChildDeaths allows no more.`
      : `${worker} workers vanished while they held the task, and the setting taskMaxWorkerDeaths allows no more.`;
    active.remove(request);
    outcomes.fail(request, new WorkerLostError(detail), { kind: "dead-letter", reason: "redelivery-limit", detail });
    return false;
  }

  /** Hands a request to the pool, or keeps it until its time. */
  #place(request: Request, now: number): void {
    const { held, host } = this.#params;
    const { headers } = request;
    if (host.hooks.has("taskReceived")) host.hooks.emit("taskReceived", { sender: host.hostname, request: headers });
    if (headers.eta !== null) {
      const due = parseIsoTime(headers.eta)?.epochMs ?? now;
      if (due > now) {
        this.#wait(request, due, held);
        return;
      }
    }
    this.#submit(request);
  }

  #wait(request: Request, due: number, held: HeldRequests): void {
    const { settlements, active } = this.#params;
    if (settlements.canDelay) {
      active.remove(request);
      settlements.end(request, { kind: "requeue", visibleAt: due });
      return;
    }
    held.hold(request, due, (ready) => {
      // It may have expired in the meantime.
      if (this.#closed) this.#giveBack(ready);
      else if (this.#mayRun(ready, this.#params.clock.now())) this.#submit(ready);
    });
  }

  #submit(request: Request): void {
    request.state = "submitted";
    try {
      this.#params.pool.submit(request, request);
    } catch (error) {
      // The pool is going down: the message is somebody else's.
      this.#params.log.note(
        "debug",
        request,
        `the pool does not take ${request.name}[${request.taskId}]; its message goes back to the queue`,
        { err: error },
      );
      this.#giveBack(request);
    }
  }

  #giveBack(request: Request): void {
    this.#params.active.remove(request);
    this.#params.settlements.end(request, { kind: "requeue" });
  }

  #entry(task: string): TaskEntry | undefined {
    const known = this.#entries.get(task);
    if (known) return known;
    const definition = this.#params.host.tasks.get(task);
    if (!definition) return undefined;
    const entry: TaskEntry = { definition, started: 0, meanSeconds: undefined };
    this.#entries.set(task, entry);
    return entry;
  }

  #request(delivery: Delivery, message: TaskMessage, entry: TaskEntry): Request {
    const { pool, active, outcomes, settlements, log, timeLimitSeconds, softTimeLimitSeconds } = this.#params;
    const { headers } = message;
    const { options } = entry.definition;
    const hard = headers.timelimit[0] ?? options.timeLimitSeconds ?? timeLimitSeconds;
    const soft = headers.timelimit[1] ?? options.softTimeLimitSeconds ?? softTimeLimitSeconds;
    return new Request({
      jobId: active.jobId(headers.id),
      delivery,
      entry,
      observer: outcomes,
      connection: settlements.connectionNumber,
      softTimeLimitMs: soft === null ? undefined : soft * 1000,
      timeLimitMs: hard === null || !pool.capabilities.kill ? undefined : hard * 1000,
      execution: executionRequest(delivery, message, log.enabled),
    });
  }

  /** No task message, or one whose parts are wrong: kept among the dead letters with the reason. */
  #refuse(delivery: Delivery, error: unknown): void {
    const { logger, host, settlements } = this.#params;
    const reason = error instanceof Error ? error.message : String(error);
    const task = delivery.headers["task"];
    const id = delivery.headers["id"] ?? delivery.properties.correlationId;
    logger.error(
      { err: error, queue: delivery.queue, contentType: delivery.contentType, taskName: task, taskId: id },
      `a message from the queue ${delivery.queue} was refused: ${reason}`,
    );
    if (host.hooks.has("taskRejected")) {
      const { body, contentType, headers, queue } = delivery;
      host.hooks.emit("taskRejected", {
        sender: host.hostname,
        message: { body, contentType, headers, queue },
        error: error instanceof Error ? error : null,
      });
    }
    const named = {
      taskId: typeof id === "string" ? id : "?",
      name: typeof task === "string" ? task : "a message",
      delivery,
      connection: settlements.connectionNumber,
      settled: false,
    };
    settlements.end(named, { kind: "dead-letter", reason: "malformed", detail: reason });
  }
}

/** What a message is to whoever executes it. */
function executionRequest(delivery: Delivery, { headers, content, version }: TaskMessage, wantsRepr: boolean): ExecutionRequest {
  const { queue, exchange, routingKey, redelivered, properties } = delivery;
  return {
    headers,
    delivery: { queue, exchange, routingKey, priority: properties.priority ?? null, redelivered },
    correlationId: properties.correlationId ?? null,
    replyTo: properties.replyTo ?? null,
    contentType: content.contentType,
    contentEncoding: content.contentEncoding,
    compression: content.compression ?? null,
    protocol: version,
    wantsRepr,
  };
}
