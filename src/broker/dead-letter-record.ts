// How a dead letter looks: the message as it was, and a header that tells how it died. Names of the queues that keep them stand here too.
import type { Deaths, Delivery, OutgoingMessage } from "./contract.ts";
import { DEATHS_HEADER } from "./death-count.ts";

/** Name of the header with the history. */
export const DEATH_HEADER = "x-celeriac-death";

const PREFIX = "celeriac.dead.";

/** Why a message died. Any text; these are ours. */
export type DeathReason = "redelivery-limit" | "rejected" | "malformed" | "unknown-task" | (string & {});

/** One death of a message, as it is in the header. */
export interface DeathEntry {
  /** The name by which it is found: the task's id, or one made for it. */
  readonly id: string;
  /** Name of the task; null where it is not known. */
  readonly task: string | null;
  /** Where it was delivered from. */
  readonly queue: string;
  /** Where it was published to. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly reason: DeathReason;
  /** A sentence about it. */
  readonly detail: string;
  /** ISO-8601 time. */
  readonly time: string;
  readonly deaths: Deaths;
  /** Name of the node that gave it up. */
  readonly node: string;
  /** What it expired after, in milliseconds, where it did: a dead letter does not. */
  readonly expirationMs?: number;
  /** The error for which it was given up. */
  readonly error?: { readonly name: string; readonly message: string };
}

/** A dead letter: its last death, the deaths before, and the message. */
export interface DeadLetter extends DeathEntry {
  /** All its deaths, the newest first; the first is this record's own. */
  readonly history: readonly DeathEntry[];
  /** The message as it was when it died. */
  readonly message: OutgoingMessage;
}

/** Name of the queue that keeps the dead letters of a queue. */
export function deadQueueOf(queue: string): string {
  return isDeadQueue(queue) ? queue : PREFIX + queue;
}

/** Whether a queue keeps dead letters. No worker consumes such a queue. */
export function isDeadQueue(queue: string): boolean {
  return queue.startsWith(PREFIX);
}

/** The history in a message's header, the newest death first; empty where there is none. */
export function readHistory(headers: Readonly<Record<string, unknown>>): readonly DeathEntry[] {
  const value = headers[DEATH_HEADER];
  return Array.isArray(value) ? value.filter(isDeathEntry) : [];
}

/** The message that is kept: the original with its new history, which neither expires nor counts deaths any more. */
export function deadMessage(delivery: Delivery, entry: DeathEntry): OutgoingMessage {
  const { body, contentType, contentEncoding } = delivery;
  const { [DEATHS_HEADER]: _, ...headers } = delivery.headers;
  const { expirationMs: __, ...properties } = delivery.properties;
  return { body, contentType, contentEncoding, properties, headers: { ...headers, [DEATH_HEADER]: [entry, ...readHistory(headers)] } };
}

/** Reads a delivery of a dead queue. One that somebody else put there has a death of its own made up for it. */
export function readDeadLetter(delivery: Delivery): DeadLetter {
  const { body, contentType, contentEncoding, headers, properties } = delivery;
  const history = readHistory(headers);
  const last = history[0] ?? foreignDeath(delivery);
  return { ...last, history: history.length > 0 ? history : [last], message: { body, contentType, contentEncoding, headers, properties } };
}

/** The id of a message's task, as its sender wrote it; undefined where there is none. */
export function idOf(delivery: Pick<Delivery, "headers" | "properties">): string | undefined {
  const id = delivery.headers["id"];
  return typeof id === "string" ? id : (delivery.properties.correlationId ?? delivery.properties.messageId);
}

/** The name of a message's task; undefined where there is none. */
export function taskOf(delivery: Pick<Delivery, "headers">): string | undefined {
  const task = delivery.headers["task"];
  return typeof task === "string" ? task : undefined;
}

function foreignDeath(delivery: Delivery): DeathEntry {
  return {
    id: idOf(delivery) ?? "unknown",
    task: taskOf(delivery) ?? null,
    queue: delivery.queue.slice(PREFIX.length),
    exchange: delivery.exchange,
    routingKey: delivery.routingKey,
    reason: "unknown",
    detail: `it has no header ${DEATH_HEADER}: Celeriac did not put it there`,
    time: "",
    deaths: delivery.deaths,
    node: "unknown",
  };
}

function isDeathEntry(value: unknown): value is DeathEntry {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Readonly<Record<string, unknown>>;
  return ["id", "queue", "exchange", "routingKey", "reason", "detail", "time", "node"].every((name) => typeof entry[name] === "string");
}
