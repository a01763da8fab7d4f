// A consumer that remembers what it was given, for tests that wait for deliveries and never for time.
import assert from "node:assert/strict";
import type { ConsumeParams, Delivery, DriverConnection, DriverConsumer } from "../../../broker/contract.ts";
import { textOf } from "./messages.ts";

/** A consumer that remembers. */
export interface Collector {
  readonly consumer: DriverConsumer;
  /** All deliveries so far, in order. */
  readonly deliveries: readonly Delivery[];
  /** The sizes of the batches that they came in. */
  readonly batches: readonly number[];
  /** The queues whose consuming the broker ended. */
  readonly cancelled: readonly string[];
  /** The bodies of all deliveries so far, as text. */
  bodies(): string[];
  /** Resolves to the first `count` deliveries when there are so many; fails when that takes too long. */
  take(count: number): Promise<readonly Delivery[]>;
  /** Resolves when the broker has ended the consuming of this queue. */
  cancellation(queue: string): Promise<void>;
  /** Acknowledges each delivery from now on as it comes, and those that came before. */
  acknowledgeAll(): void;
}

/** Consumes from queues and remembers; the prefetch is unlimited unless said. */
export async function createCollector(
  connection: DriverConnection,
  queues: readonly string[],
  params: Partial<ConsumeParams> = {},
  patienceMs = 10_000,
): Promise<Collector> {
  const deliveries: Delivery[] = [];
  const batches: number[] = [];
  const cancelled: string[] = [];
  const waiting = new Set<() => void>();
  let acknowledges = false;
  const acknowledge = (delivery: Delivery): void => void connection.settle(delivery.tag, { kind: "ack" });
  const wake = (): void => {
    for (const check of waiting) check();
  };
  const until = (condition: () => boolean, what: () => string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(check);
        reject(new assert.AssertionError({ message: `${what()} within ${patienceMs} ms` }));
      }, patienceMs);
      waiting.add(check);
      check();
    });
  const consumer = await connection.consume({
    prefetch: 0,
    ...params,
    queues,
    onDeliveries: (batch) => {
      batches.push(batch.length);
      for (const delivery of batch) deliveries.push(delivery);
      if (acknowledges) for (const delivery of batch) acknowledge(delivery);
      params.onDeliveries?.(batch);
      wake();
    },
    onCancel: (queue, reason) => {
      cancelled.push(queue);
      params.onCancel?.(queue, reason);
      wake();
    },
  });
  return {
    consumer,
    deliveries,
    batches,
    cancelled,
    bodies: () => deliveries.map((delivery) => textOf(delivery) ?? ""),
    take: async (count) => {
      await until(
        () => deliveries.length >= count,
        () => `expected ${count} deliveries from ${queues.join(", ")}, got ${deliveries.length}`,
      );
      return deliveries.slice(0, count);
    },
    cancellation: (queue) =>
      until(
        () => cancelled.includes(queue),
        () => `expected the consuming of ${queue} to be ended by the broker; it was not`,
      ),
    acknowledgeAll: () => {
      acknowledges = true;
      for (const delivery of deliveries) acknowledge(delivery);
    },
  };
}
