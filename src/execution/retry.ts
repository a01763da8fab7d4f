// Building the next try of a task. It is an ordinary message under the same id: whatever the caller had asked for is kept, and it goes
// back the way that it came.
import type { Retry } from "../errors/directives.ts";
import { Retry as RetryDirective } from "../errors/directives.ts";
import { MaxRetriesExceededError } from "../errors/task-errors.ts";
import { formatIsoTime } from "../util/iso-time.ts";
import type { RetryOptions } from "../task/task-context.ts";
import type { TaskDefinition } from "../task/task-definition.ts";
import type { TaskRequest } from "../task/task-request.ts";
import type { Clock } from "../util/clock.ts";
import { durationMs } from "../util/duration.ts";
import { safeRepr } from "../util/safe-repr.ts";
import type { RetryResend } from "./execution.ts";
import type { MessageDraft } from "./execution-host.ts";
import type { ExecutionRequest } from "./execution-request.ts";

/** What a retry is built from. `message` is absent where no message was delivered: in eager and direct runs. */
export interface RetrySource {
  readonly definition: TaskDefinition;
  readonly request: TaskRequest;
  readonly message: ExecutionRequest | null;
  readonly clock: Clock;
}

/**
 * The directive that a task throws to be run again.
 * @throws what the caller gave as `exc`, or MaxRetriesExceededError, where no try is left
 */
export function createRetry(source: RetrySource, options: RetryOptions = {}): Retry {
  const { definition, request } = source;
  if (request.calledDirectly) {
    if (options.exc !== undefined) throw options.exc;
    return new RetryDirective({ reason: "a task that was called directly cannot be retried: nobody holds its message" });
  }
  const maxRetries = options.maxRetries === undefined ? definition.options.maxRetries : options.maxRetries;
  const retries = request.retries + 1;
  if (maxRetries !== null && retries > maxRetries) {
    throw (
      options.exc ??
      new MaxRetriesExceededError({ task: request.task, id: request.id, args: safeRepr(request.args), kwargs: safeRepr(request.kwargs) })
    );
  }
  const now = source.clock.now();
  const at = dueAt(options, definition, now);
  const next = nextRequest(source, options, retries, at, now);
  const resend: RetryResend = { draft: source.message ? retryDraft(source.message, next, options) : null, next };
  return new RetryDirective({ when: options.eta ?? (at === null ? null : (at - now) / 1000), reason: options.exc, resend });
}

/** When the next try is due, in milliseconds since 1970; null is at once. */
function dueAt(options: RetryOptions, definition: TaskDefinition, now: number): number | null {
  if (options.eta) return options.eta.getTime();
  const delayMs =
    options.countdown === undefined
      ? definition.options.defaultRetryDelaySeconds * 1000
      : durationMs(options.countdown, "the option countdown of retry()");
  return delayMs > 0 ? now + delayMs : null;
}

function nextRequest(source: RetrySource, options: RetryOptions, retries: number, at: number | null, now: number): TaskRequest {
  const { request } = source;
  return {
    ...request,
    args: options.args ?? request.args,
    kwargs: options.kwargs ?? request.kwargs,
    retries,
    eta: at === null ? null : formatIsoTime(at),
    expires:
      options.expires === undefined
        ? request.expires
        : formatIsoTime(
            options.expires instanceof Date
              ? options.expires.getTime()
              : now + durationMs(options.expires, "the option expires of retry()"),
          ),
    timeLimit:
      options.timeLimit === undefined ? request.timeLimit : durationMs(options.timeLimit, "the option timeLimit of retry()") / 1000,
    softTimeLimit:
      options.softTimeLimit === undefined
        ? request.softTimeLimit
        : durationMs(options.softTimeLimit, "the option softTimeLimit of retry()") / 1000,
    headers: options.headers ? { ...request.headers, ...options.headers } : request.headers,
  };
}

/** Headers that brokers add to what they deliver, and which are not the caller's. */
const BROKER_HEADERS: ReadonlySet<string> = new Set([
  "redelivered",
  "x-celeriac-deaths",
  "x-delivery-count",
  "x-death",
  "x-first-death-exchange",
  "x-first-death-queue",
  "x-first-death-reason",
  "x-last-death-exchange",
  "x-last-death-queue",
  "x-last-death-reason",
]);

function retryDraft(message: ExecutionRequest, next: TaskRequest, options: RetryOptions): MessageDraft {
  const { headers, delivery } = message;
  const custom = Object.fromEntries(Object.entries(next.headers).filter(([name]) => !BROKER_HEADERS.has(name)));
  return {
    headers: {
      ...headers,
      retries: next.retries,
      eta: next.eta,
      expires: next.expires,
      timelimit: [
        options.timeLimit === undefined ? headers.timelimit[0] : next.timeLimit,
        options.softTimeLimit === undefined ? headers.timelimit[1] : next.softTimeLimit,
      ],
      rootId: headers.rootId ?? headers.id,
      argsrepr: options.args ? null : headers.argsrepr,
      kwargsrepr: options.kwargs ? null : headers.kwargsrepr,
      custom,
    },
    payload: {
      args: next.args,
      kwargs: next.kwargs,
      embed: { callbacks: next.callbacks, errbacks: next.errbacks, chain: next.chain, chord: next.chord },
    },
    ...addressOf(delivery, options),
    serializer: message.contentType,
    compression: message.compression,
    priority: options.priority ?? delivery.priority,
    correlationId: message.correlationId,
    replyTo: message.replyTo,
  };
}

/** Through the default exchange a routing key is a queue's name; otherwise the exchange that it came through routes it again. */
function addressOf(delivery: ExecutionRequest["delivery"], options: RetryOptions): Pick<MessageDraft, "exchange" | "routingKey" | "queue"> {
  if (options.exchange !== undefined) return { exchange: options.exchange, routingKey: options.routingKey ?? delivery.routingKey };
  if (options.queue !== undefined) return { exchange: "", routingKey: options.queue, queue: options.queue };
  if (delivery.exchange !== "") return { exchange: delivery.exchange, routingKey: options.routingKey ?? delivery.routingKey };
  return { exchange: "", routingKey: delivery.routingKey, queue: delivery.routingKey };
}
