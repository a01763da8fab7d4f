// The replies of Celery 5.6.3 with `rpc://` were captured (test/fixtures/wire/amqp.rpc.*). The same documents leave here as the same messages, and what was captured is read.
import { describe, expect, it } from "vitest";
import { ReplyCodec } from "../../../src/backends/rpc/reply-codec.ts";
import type { Delivery } from "../../../src/broker/contract.ts";
import { replyQueue } from "../../../src/broker/reply-queue.ts";
import { SerializerRegistry } from "../../../src/serialization/serializer-registry.ts";
import { captured, fixtureNames } from "../../interop/wire-fixtures.ts";

interface Published {
  readonly args: { readonly exchange: string; readonly routing_key: string };
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body_text: string;
}
interface Method {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const DAY_MS = 86_400_000;
const serializers = new SerializerRegistry();
const codec = new ReplyCodec({ serializers, serializer: "json", accept: serializers.acceptList(["json"]) }, DAY_MS);
const fixtures = fixtureNames(/^amqp\.rpc\./).map((name) => ({
  name,
  ...(captured(name) as { messages: readonly Published[]; client_methods: readonly Method[] }),
}));
const replies = fixtures.flatMap(({ name, messages }) =>
  messages.filter(({ args }) => args.exchange === "").map((message) => ({ name, ...message })),
);

describe("replies", () => {
  it("are as many as were captured", () => expect(replies.length).toBeGreaterThan(8));

  it.each(replies)("are Celery's in $name: $body_text", ({ properties, body_text: document }) => {
    const taskId = properties["correlation_id"] as string;
    const { status } = JSON.parse(document) as { status: string };
    const message = codec.messageOf({ taskId, status, document, expiresMs: DAY_MS });
    expect(message).toEqual({
      body: document,
      contentType: properties["content_type"],
      contentEncoding: properties["content_encoding"],
      headers: properties["application_headers"],
      properties: { correlationId: taskId, deliveryMode: properties["delivery_mode"] },
    });
    const read = codec.read({ ...message } as unknown as Delivery);
    expect(read).toEqual({ taskId, document, status: undefined, expiresMs: undefined });
    expect(codec.statusOf({ document, status: undefined })).toBe(status);
  });

  it("come to a queue as Celery declares it", () => {
    const declared = fixtures.flatMap(({ client_methods: methods }) =>
      methods.filter(({ method, args }) => method === "queue.declare" && args["queue"] !== "celery"),
    );
    expect(declared.length).toBeGreaterThan(5);
    for (const { args } of declared) {
      const { durable, autoDelete, expiresMs } = replyQueue(String(args["queue"]), DAY_MS);
      expect([durable, autoDelete, { "x-expires": expiresMs }]).toEqual([args["durable"], args["auto_delete"], args["arguments"]]);
    }
  });

  it("are compressed and persistent where the settings say so, and read in another serialiser than the app's own", () => {
    const packed = new ReplyCodec(
      { serializers, serializer: "msgpack", accept: serializers.acceptList(["json", "msgpack"]), compression: "gzip", persistent: true },
      DAY_MS,
    );
    const meta = { status: "SUCCESS", result: [1, "ü"], traceback: null, children: [], task_id: "t" };
    const document = serializers.encode(meta, "msgpack").body;
    const message = packed.messageOf({ taskId: "t", status: "SUCCESS", document, expiresMs: 5000 });
    expect(message).toMatchObject({ contentType: "application/x-msgpack", headers: { compression: "application/x-gzip" } });
    expect(message.properties).toEqual({ correlationId: "t", deliveryMode: 2, expirationMs: 5000 });
    expect(Buffer.from(packed.read(message as unknown as Delivery)?.document ?? "")).toEqual(Buffer.from(document));
    const json = serializers.encode(meta, "json");
    const foreign = packed.read({ ...message, ...json, headers: {}, properties: { correlationId: "t" } } as unknown as Delivery);
    expect(serializers.decode({ ...message, body: foreign?.document ?? "" }, serializers.acceptList(["msgpack"]))).toEqual(meta);
    const yaml = serializers.encode(meta, "yaml");
    expect(() => packed.read({ ...message, ...yaml, headers: {} } as unknown as Delivery)).toThrow("acceptContent");
  });
});
