// Dead letters: messages that are given up are kept, whole and with the history of their deaths, in a queue of their own that no worker
// consumes, and can be looked at, sent back and removed. All of it works by publishing, getting and giving back, on every driver.
// Looking takes messages out for a moment: two who look at the same time may each see a part only.
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { BrokerError } from "../errors/celeriac-error.ts";
import type { Broker } from "./broker.ts";
import type { Deaths, Delivery } from "./contract.ts";
import {
  type DeadLetter,
  deadMessage,
  deadQueueOf,
  type DeathEntry,
  type DeathReason,
  idOf,
  readDeadLetter,
  taskOf,
} from "./dead-letter-record.ts";

/** Why a message is given up. */
export interface DeadLetterParams {
  readonly reason: DeathReason;
  /** A sentence about it. */
  readonly detail: string;
  /** The error for which it is given up. */
  readonly error?: Error;
  /** Name of the task, where the message's headers do not tell. */
  readonly task?: string;
  /** Id of the task, where the message's headers do not tell. */
  readonly id?: string;
  /** Name of the node that gives it up. @default the process and its host */
  readonly node?: string;
  /** The deaths that it has caused, where that of which the delivery does not know yet is among them. @default the delivery's */
  readonly deaths?: Deaths;
}

/**
 * Keeps a message in the dead queue of its queue, then acknowledges it. It is in one of both at every moment, and for a moment in both.
 * @returns whether the delivery was still ours; where not, it is delivered again although its dead letter exists
 */
export async function deadLetter(broker: Broker, delivery: Delivery, params: DeadLetterParams): Promise<boolean> {
  const queue = deadQueueOf(delivery.queue);
  await broker.declare({ name: queue, durable: true });
  await broker.publish({ exchange: "", routingKey: queue, message: deadMessage(delivery, deathOf(delivery, params, broker.clock.now())) });
  return broker.settle(delivery, { kind: "ack" });
}

/** The dead letters of a queue, the oldest first. @param options.limit how many at most; 100 unless said */
export async function listDead(broker: Broker, queue: string, options: { readonly limit?: number } = {}): Promise<readonly DeadLetter[]> {
  const { limit = 100 } = options;
  const letters: DeadLetter[] = [];
  await walk(broker, queue, (delivery) => {
    if (letters.length < limit) letters.push(readDeadLetter(delivery));
    return letters.length < limit ? "next" : "stop";
  });
  return letters;
}

/** The dead letter with this id; undefined where there is none. */
export async function showDead(broker: Broker, queue: string, id: string): Promise<DeadLetter | undefined> {
  let found: DeadLetter | undefined;
  await walk(broker, queue, (delivery) => {
    const letter = readDeadLetter(delivery);
    if (letter.id !== id) return "next";
    found = letter;
    return "stop";
  });
  return found;
}

/**
 * Sends dead letters back to the queues that they came from, deaths forgotten and history kept; returns how many.
 * With `diedBefore`, what was given up after that time stays.
 * @throws BrokerError `CELERIAC_QUEUE_NOT_FOUND` where such a queue does not exist: declare it first, or its messages would be dropped
 * @throws BrokerError `CELERIAC_DEAD_LETTER_NOT_FOUND` where one of the ids is not there; the others were sent back
 */
export async function redriveDead(
  broker: Broker,
  queue: string,
  which: { readonly ids: readonly string[] } | { readonly all: true; readonly diedBefore?: Date },
): Promise<number> {
  const wanted = "ids" in which ? new Set(which.ids) : undefined;
  const limit = "all" in which ? which.diedBefore?.toISOString() : undefined;
  const chosen: Delivery[] = [];
  return walk(
    broker,
    queue,
    (delivery) => {
      if (wanted !== undefined && !wanted.delete(readDeadLetter(delivery).id)) return "next";
      if (limit !== undefined && readDeadLetter(delivery).time > limit) return "next";
      chosen.push(delivery);
      return wanted?.size === 0 ? "take-and-stop" : "take";
    },
    async () => {
      await sendBack(broker, chosen);
      const [missing] = wanted ?? [];
      if (missing !== undefined) throw new BrokerError("CELERIAC_DEAD_LETTER_NOT_FOUND", { queue, id: missing });
      return chosen.length;
    },
  );
}

/** Removes the dead letters of a queue for good; returns how many. */
export async function purgeDead(broker: Broker, queue: string): Promise<number> {
  const dead = deadQueueOf(queue);
  return (await broker.queueInfo(dead)) === undefined ? 0 : broker.purge(dead);
}

function deathOf(delivery: Delivery, params: DeadLetterParams, now: number): DeathEntry {
  const { error, reason, detail } = params;
  const { expirationMs } = delivery.properties;
  return {
    id: params.id ?? idOf(delivery) ?? randomUUID(),
    task: params.task ?? taskOf(delivery) ?? null,
    queue: delivery.queue,
    exchange: delivery.exchange,
    routingKey: delivery.routingKey,
    reason,
    detail,
    time: new Date(now).toISOString(),
    deaths: { ...(params.deaths ?? delivery.deaths) },
    node: params.node ?? `${process.pid}@${hostname()}`,
    ...(expirationMs === undefined ? {} : { expirationMs }),
    ...(error === undefined ? {} : { error: { name: error.name, message: error.message } }),
  };
}

/** Publishes dead letters to where they came from, then acknowledges them. */
async function sendBack(broker: Broker, deliveries: readonly Delivery[]): Promise<void> {
  const letters = deliveries.map(readDeadLetter);
  for (const queue of new Set(letters.map((letter) => letter.queue))) {
    if ((await broker.queueInfo(queue)) !== undefined) continue;
    throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", {
      queue,
      hint: "its dead letters came from it; declare it, or start a worker that does, and send them back then",
    });
  }
  // By the queue's name and not by the exchange: other queues that are bound to it have had their copies.
  await broker.publishMany(letters.map(({ queue, message }) => ({ exchange: "", routingKey: queue, message })));
  await Promise.all(deliveries.map((delivery) => broker.settle(delivery, { kind: "ack" })));
}

/**
 * Takes the messages of a dead queue one after the other, asking of each what to do, and gives back those that were not to be taken.
 * @param finish called before anything is given back; what was taken is its to settle
 */
async function walk(
  broker: Broker,
  queue: string,
  visit: (delivery: Delivery) => "next" | "stop" | "take" | "take-and-stop",
  finish?: () => Promise<number>,
): Promise<number> {
  const dead = deadQueueOf(queue);
  const info = await broker.queueInfo(dead);
  const seen: Delivery[] = [];
  const taken = new Set<Delivery>();
  let done = 0;
  let sentBack = false;
  try {
    // Not more than were there at first: what is given up meanwhile is for the next time.
    for (let i = 0; i < (info?.messages ?? 0); i++) {
      const delivery = await broker.get(dead);
      if (delivery === undefined) break;
      seen.push(delivery);
      const answer = visit(delivery);
      if (answer.startsWith("take")) taken.add(delivery);
      if (answer.endsWith("stop")) break;
    }
    done = (await finish?.()) ?? 0;
    sentBack = true;
  } finally {
    // The newest first, for brokers that put back at the front: so the order stays.
    for (const delivery of seen.toReversed()) {
      if (!(sentBack && taken.has(delivery))) await broker.settle(delivery, { kind: "requeue" });
    }
  }
  return done;
}
