import type { Message } from "amqplib";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../stores/amqp/byte-writer.ts";
import { writeTable } from "../../stores/amqp/table-writer.ts";
import { delayRoutingKey } from "./delay-routing.ts";
import { addressOf, republished, toReceived } from "./message-codec.ts";

function messageWith(headers: Readonly<Record<string, unknown>> | Buffer, fields: Partial<Message["fields"]> = {}): Message {
  const writer = new ByteWriter(16);
  if (!Buffer.isBuffer(headers)) writeTable(writer, headers, "headers");
  const table = Buffer.isBuffer(headers) ? headers : writer.finish().subarray(4);
  return {
    fields: { deliveryTag: 1, redelivered: false, exchange: "", routingKey: "q", ...fields },
    properties: { headers: { "": table }, contentType: "application/json" },
    content: Buffer.from("x"),
  } as unknown as Message; // amqplib's type wants every property to be named
}

describe("messages that are received", () => {
  it("tell why their headers could not be read, in place of ending the connection", () => {
    const { delivery } = toReceived(messageWith(Buffer.from("\u0001kZ")), "q", 1);
    expect(delivery.headers).toEqual({ "x-celeriac-unreadable-headers": 'a field has the type "Z", which AMQP does not have' });
  });
  it("have no headers where there are none", () => {
    const message = { ...messageWith({}), properties: {} } as unknown as Message;
    expect(toReceived(message, "q", 1).delivery.headers).toEqual({});
  });
  it("that come from Celery's delay queues have the address that they were sent to", () => {
    const routingKey = delayRoutingKey(5, "low.priority");
    const { delivery } = toReceived(messageWith({}, { exchange: "celery_delayed_delivery", routingKey }), "q", 1);
    expect([delivery.exchange, delivery.routingKey]).toEqual(["", "low.priority"]);
  });
  it("are published again without RabbitMQ's record of our queues, and with that of others", () => {
    const ours = { queue: "celery_delayed_3", reason: "expired", count: 1 };
    const lease = { queue: "celeriac.lease.1", reason: "expired", count: 1 };
    const theirs = { queue: "work", reason: "rejected", count: 2 };
    const both = { id: "1", "x-death": [ours, theirs, lease], "x-first-death-queue": "celery_delayed_3", "x-last-death-queue": "work" };
    const received = (headers: Readonly<Record<string, unknown>>) => toReceived(messageWith(headers), "q", 1).delivery;
    expect(republished(received(both)).headers).toEqual({ id: "1", "x-death": [theirs] });
    expect(republished(received({ id: "1", "x-death": [ours], "x-first-death-queue": "celery_delayed_3" })).headers).toEqual({ id: "1" });
    expect(republished(received({ id: "1", "x-death": [theirs], "x-first-death-queue": "work" })).headers).toMatchObject({
      "x-first-death-queue": "work",
    });
  });
  it("keep the address that their queue's name does not say", () => {
    const address = (exchange: string, routingKey: string) =>
      addressOf(toReceived(messageWith({}, { exchange, routingKey }), "q", 1).delivery);
    expect(address("", "q")).toEqual({});
    expect(address("x", "k")).toEqual({ exchange: "x", routingKey: "k" });
  });
});
