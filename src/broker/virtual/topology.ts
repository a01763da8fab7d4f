// Exchanges, queues and bindings for stores that have none of their own, as one record in memory and functions over it. A driver whose
// store is shared keeps the same rows there and makes a new record when they have changed. Nothing here does I/O or knows messages.
import { BrokerError } from "../../errors/celeriac-error.ts";
import type { Binding, Exchange, Queue } from "../contract.ts";
import { refuseRedeclaration, sameExchange, sameQueue } from "./redeclaration.ts";

/** A line from an exchange to a queue, by their names. */
export interface BindingRow {
  readonly exchange: string;
  readonly routingKey: string;
  readonly queue: string;
}

/** What is declared. Change it only by the functions of this file: they keep its parts and its version in step. */
export interface Topology {
  /** Goes up with every change; what was derived from an older one is stale. */
  version: number;
  readonly exchanges: Map<string, Exchange>;
  /** The queues, without their bindings. */
  readonly queues: Map<string, Queue>;
  /** By name of the exchange, then by routing key or pattern: the names of queues. */
  readonly bindings: Map<string, Map<string, Set<string>>>;
  /** By name of the queue, for deleting it. */
  readonly bindingsOfQueue: Map<string, BindingRow[]>;
}

/** Makes a topology, empty or from rows that a store has kept. */
export function createTopology(rows?: {
  readonly exchanges: Iterable<Exchange>;
  readonly queues: Iterable<Queue>;
  readonly bindings: Iterable<BindingRow>;
}): Topology {
  const topology: Topology = { version: 0, exchanges: new Map(), queues: new Map(), bindings: new Map(), bindingsOfQueue: new Map() };
  if (rows === undefined) return topology;
  for (const exchange of rows.exchanges) topology.exchanges.set(exchange.name, exchange);
  for (const queue of rows.queues) topology.queues.set(queue.name, queue);
  for (const row of rows.bindings) addRow(topology, row);
  return topology;
}

/**
 * Declares an exchange.
 * @returns whether it is new
 * @throws BrokerError `CELERIAC_BROKER_REFUSED` where it exists with other properties, or is of the type `headers`
 */
export function declareExchange(topology: Topology, exchange: Exchange): boolean {
  const operation = `declaring the exchange ${JSON.stringify(exchange.name)}`;
  if (exchange.type === "headers") {
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation,
      reason: "this broker has no exchanges of the type headers; use direct, topic or fanout, or RabbitMQ, which has them",
    });
  }
  if (exchange.name === "") {
    if (exchange.type === "direct") return false;
    throw new BrokerError("CELERIAC_BROKER_REFUSED", { operation, reason: "the default exchange always exists and is of the type direct" });
  }
  const known = topology.exchanges.get(exchange.name);
  if (known !== undefined) {
    if (!sameExchange(known, exchange)) refuseRedeclaration(operation, known, exchange);
    return false;
  }
  topology.exchanges.set(exchange.name, exchange);
  topology.version++;
  return true;
}

/** Deletes an exchange and its bindings; returns whether there was one. */
export function deleteExchange(topology: Topology, name: string): boolean {
  if (!topology.exchanges.delete(name)) return false;
  for (const queues of topology.bindings.get(name)?.values() ?? []) {
    for (const queue of queues) {
      const rows = topology.bindingsOfQueue.get(queue) ?? [];
      topology.bindingsOfQueue.set(
        queue,
        rows.filter((row) => row.exchange !== name),
      );
    }
  }
  topology.bindings.delete(name);
  topology.version++;
  return true;
}

/**
 * Declares a queue, the exchanges of its bindings and the bindings, in this order of checking: a refused queue changes nothing.
 * @returns whether the queue is new
 * @throws BrokerError `CELERIAC_BROKER_REFUSED` where the queue or one of the exchanges exists with other properties
 */
export function declareQueue(topology: Topology, queue: Queue): boolean {
  const known = topology.queues.get(queue.name);
  if (known !== undefined && !sameQueue(known, queue))
    refuseRedeclaration(`declaring the queue ${JSON.stringify(queue.name)}`, known, queue);
  for (const binding of queue.bindings ?? []) declareExchange(topology, binding.exchange);
  if (known === undefined) {
    const { bindings: _, ...properties } = queue;
    topology.queues.set(queue.name, properties);
    topology.version++;
  }
  for (const binding of queue.bindings ?? []) bindQueue(topology, queue.name, binding);
  return known === undefined;
}

/** Deletes a queue and its bindings; returns the names of the exchanges that went with its last binding. */
export function deleteQueue(topology: Topology, name: string): readonly string[] {
  if (!topology.queues.delete(name)) return [];
  topology.version++;
  const gone: string[] = [];
  for (const row of topology.bindingsOfQueue.get(name) ?? []) {
    const exchange = removeRow(topology, row);
    if (exchange !== undefined) gone.push(exchange);
  }
  topology.bindingsOfQueue.delete(name);
  return gone;
}

/**
 * Binds a queue to an exchange, which is declared where it does not exist.
 * @returns whether the binding is new
 * @throws BrokerError `CELERIAC_QUEUE_NOT_FOUND` where there is no such queue
 */
export function bindQueue(topology: Topology, queue: string, binding: Binding): boolean {
  if (!topology.queues.has(queue)) throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue, hint: "declare it before it is bound" });
  declareExchange(topology, binding.exchange);
  const row: BindingRow = { exchange: binding.exchange.name, routingKey: binding.routingKey, queue };
  if (row.exchange === "") {
    // Every queue is bound to the default exchange by its own name, and in no other way.
    if (row.routingKey === queue) return false;
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `binding the queue ${JSON.stringify(queue)} to the default exchange by ${JSON.stringify(row.routingKey)}`,
      reason: "the default exchange knows each queue by its own name only; name an exchange",
    });
  }
  if (topology.bindings.get(row.exchange)?.get(row.routingKey)?.has(queue)) return false;
  addRow(topology, row);
  topology.version++;
  return true;
}

/** Takes a binding away, if it is there; returns the name of the exchange where it went with its last binding. */
export function unbindQueue(topology: Topology, queue: string, binding: Binding): string | undefined {
  const rows = topology.bindingsOfQueue.get(queue) ?? [];
  const row = rows.find((at) => at.exchange === binding.exchange.name && at.routingKey === binding.routingKey);
  if (row === undefined) return undefined;
  topology.bindingsOfQueue.set(
    queue,
    rows.filter((at) => at !== row),
  );
  topology.version++;
  return removeRow(topology, row);
}

function addRow(topology: Topology, row: BindingRow): void {
  let keys = topology.bindings.get(row.exchange);
  if (keys === undefined) topology.bindings.set(row.exchange, (keys = new Map()));
  const queues = keys.get(row.routingKey);
  if (queues === undefined) keys.set(row.routingKey, new Set([row.queue]));
  else queues.add(row.queue);
  const rows = topology.bindingsOfQueue.get(row.queue);
  if (rows === undefined) topology.bindingsOfQueue.set(row.queue, [row]);
  else rows.push(row);
}

/** Removes a row from the exchange's side; an exchange with autoDelete goes with its last one. */
function removeRow(topology: Topology, row: BindingRow): string | undefined {
  const keys = topology.bindings.get(row.exchange);
  const queues = keys?.get(row.routingKey);
  queues?.delete(row.queue);
  if (queues?.size === 0) keys?.delete(row.routingKey);
  if (keys?.size !== 0) return undefined;
  topology.bindings.delete(row.exchange);
  if (topology.exchanges.get(row.exchange)?.autoDelete !== true) return undefined;
  topology.exchanges.delete(row.exchange);
  return row.exchange;
}
