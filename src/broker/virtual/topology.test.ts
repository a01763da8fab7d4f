import { deepEqual, equal, throws } from "node:assert/strict";
import { describe, it } from "vitest";
import type { Exchange } from "../contract.ts";
import { route } from "./route.ts";
import { bindQueue, createTopology, declareExchange, declareQueue, deleteExchange, deleteQueue, unbindQueue } from "./topology.ts";

const direct: Exchange = { name: "d", type: "direct" };
const topic: Exchange = { name: "t", type: "topic" };
const fanout: Exchange = { name: "f", type: "fanout" };

describe("topology and route", () => {
  it("routes the default exchange to the queue of that name, and nowhere where there is none", () => {
    const topology = createTopology();
    deepEqual(route(topology, "", "q"), []);
    declareQueue(topology, { name: "q" });
    deepEqual(route(topology, "", "q"), ["q"]);
  });

  it("routes direct by equal key, topic by pattern and fanout to all, each queue once", () => {
    const topology = createTopology();
    declareQueue(topology, {
      name: "a",
      bindings: [
        { exchange: direct, routingKey: "x" },
        { exchange: topic, routingKey: "k.*" },
        { exchange: topic, routingKey: "k.#" },
      ],
    });
    declareQueue(topology, {
      name: "b",
      bindings: [
        { exchange: direct, routingKey: "x" },
        { exchange: fanout, routingKey: "" },
        { exchange: topic, routingKey: "#" },
      ],
    });
    deepEqual(route(topology, "d", "x"), ["a", "b"]);
    deepEqual(route(topology, "d", "y"), []);
    deepEqual(route(topology, "t", "k.1"), ["a", "b"]);
    deepEqual(route(topology, "t", "other"), ["b"]);
    deepEqual(route(topology, "f", "whatever"), ["b"]);
    throws(() => route(topology, "nowhere", "x"), { code: "CELERIAC_BROKER_REFUSED", message: /no such exchange/ });
  });

  it("forgets a kept route as soon as a binding or queue changes", () => {
    const topology = createTopology();
    declareQueue(topology, { name: "a", bindings: [{ exchange: direct, routingKey: "x" }] });
    deepEqual(route(topology, "d", "x"), ["a"]);
    declareQueue(topology, { name: "b" });
    bindQueue(topology, "b", { exchange: direct, routingKey: "x" });
    deepEqual(route(topology, "d", "x"), ["a", "b"]);
    unbindQueue(topology, "a", { exchange: direct, routingKey: "x" });
    deepEqual(route(topology, "d", "x"), ["b"]);
    deleteQueue(topology, "b");
    deepEqual(route(topology, "d", "x"), []);
  });

  it("accepts the same declaration again and refuses another one, naming what differs", () => {
    const topology = createTopology();
    equal(declareQueue(topology, { name: "q", messageTtlMs: 5 }), true);
    equal(declareQueue(topology, { name: "q", messageTtlMs: 5, durable: true, autoDelete: false }), false);
    throws(() => declareQueue(topology, { name: "q", messageTtlMs: 6 }), {
      code: "CELERIAC_BROKER_REFUSED",
      message: /messageTtlMs 5, not 6/,
    });
    equal(declareExchange(topology, direct), true);
    equal(declareExchange(topology, { ...direct, durable: true }), false);
    throws(() => declareExchange(topology, { ...direct, type: "topic" }), {
      code: "CELERIAC_BROKER_REFUSED",
      message: /type "direct", not "topic"/,
    });
    throws(() => declareExchange(topology, { name: "h", type: "headers" }), {
      code: "CELERIAC_BROKER_REFUSED",
      message: /no exchanges of the type headers/,
    });
  });

  it("deletes an exchange with autoDelete when its last queue is unbound or deleted", () => {
    const topology = createTopology();
    const exchange: Exchange = { ...fanout, autoDelete: true };
    declareQueue(topology, { name: "a", bindings: [{ exchange, routingKey: "" }] });
    declareQueue(topology, { name: "b", bindings: [{ exchange, routingKey: "" }] });
    equal(unbindQueue(topology, "a", { exchange, routingKey: "" }), undefined);
    deepEqual(deleteQueue(topology, "b"), ["f"]);
    equal(topology.exchanges.has("f"), false);
  });

  it("keeps the default exchange as it is, and wants a queue to be declared before it is bound", () => {
    const topology = createTopology();
    const standard: Exchange = { name: "", type: "direct" };
    equal(declareQueue(topology, { name: "q", bindings: [{ exchange: standard, routingKey: "q" }] }), true);
    throws(() => bindQueue(topology, "q", { exchange: standard, routingKey: "z" }), { code: "CELERIAC_BROKER_REFUSED" });
    throws(() => declareExchange(topology, { name: "", type: "topic" }), { code: "CELERIAC_BROKER_REFUSED" });
    throws(() => bindQueue(topology, "none", { exchange: direct, routingKey: "x" }), { code: "CELERIAC_QUEUE_NOT_FOUND" });
  });

  it("is the same when made from kept rows, and drops the bindings of a deleted exchange", () => {
    const topology = createTopology({
      exchanges: [direct],
      queues: [{ name: "q" }],
      bindings: [{ exchange: "d", routingKey: "x", queue: "q" }],
    });
    deepEqual(route(topology, "d", "x"), ["q"]);
    equal(deleteExchange(topology, "d"), true);
    equal(deleteExchange(topology, "d"), false);
    deepEqual(topology.bindingsOfQueue.get("q"), []);
    declareExchange(topology, direct);
    deepEqual(route(topology, "d", "x"), []);
  });
});
