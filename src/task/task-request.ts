// What a running task knows of the call that it executes: the message's headers, its arguments, and where it was delivered.
import type { SignatureRecord } from "../protocol/signature-record.ts";

/** How a message reached the worker. */
export interface DeliveryInfo {
  /** The queue that it came from. */
  readonly queue: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly priority: number | null;
  /** Whether it was delivered before. */
  readonly redelivered: boolean;
}

/** The call that is being executed. */
export interface TaskRequest {
  readonly id: string;
  /** Name of the task. */
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** How often it was retried before: 0 at first. */
  readonly retries: number;
  /** ISO-8601 time before which it was not to run. */
  readonly eta: string | null;
  /** ISO-8601 time after which it is not to run. */
  readonly expires: string | number | null;
  readonly rootId: string | null;
  readonly parentId: string | null;
  readonly group: string | null;
  readonly groupIndex: number | null;
  readonly correlationId: string | null;
  readonly replyTo: string | null;
  readonly shadow: string | null;
  readonly origin: string | null;
  /** Whether no result is stored for this call. */
  readonly ignoreResult: boolean;
  /** Hard time limit in seconds. */
  readonly timeLimit: number | null;
  /** Soft time limit in seconds. */
  readonly softTimeLimit: number | null;
  readonly replacedTaskNesting: number;
  readonly stampedHeaders: readonly string[] | null;
  readonly stamps: Readonly<Record<string, unknown>>;
  /** Headers of the caller's own, and those that Celeriac does not know. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly callbacks: readonly SignatureRecord[] | null;
  readonly errbacks: readonly SignatureRecord[] | null;
  /** What is left of the chain, in reverse. */
  readonly chain: readonly SignatureRecord[] | null;
  /** Body of the chord that it is in the header of. */
  readonly chord: SignatureRecord | null;
  /** Name of the worker's node. */
  readonly hostname: string;
  /** Null where it was called directly or eagerly. */
  readonly deliveryInfo: DeliveryInfo | null;
  /** Whether it was run by `apply()` or by the setting `taskAlwaysEager`. */
  readonly isEager: boolean;
  /** Whether it was called as the function that it is. */
  readonly calledDirectly: boolean;
}
