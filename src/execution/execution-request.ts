// What a worker hands to whoever executes a task: JSON-able but for the body, which stays as it came until it is needed.
import type { TaskHeaders } from "../protocol/task-message.ts";
import type { DeliveryInfo } from "../task/task-request.ts";

/** A task message on its way to execution. The header of a pool job. */
export interface ExecutionRequest {
  readonly headers: TaskHeaders;
  readonly delivery: DeliveryInfo;
  readonly correlationId: string | null;
  readonly replyTo: string | null;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Name of the compression of the body, if any. */
  readonly compression: string | null;
  /** Protocol of the body. */
  readonly protocol: 1 | 2;
  /** Whether a text of the result is wanted, for the log or for events. */
  readonly wantsRepr: boolean;
}
