import { describe, expect, it } from "vitest";
import { amqpRig, textOf, toQueue } from "../../support/amqp-rig.ts";
import { captured } from "../../interop/wire-fixtures.ts";

const rig = amqpRig();

/** Headers with every kind of value that JSON has, and integers of every size. */
const HEADERS = {
  lang: "js",
  zero: 0,
  small: 7,
  byte: 200,
  timeLimit: 300,
  negative: -300,
  int32: 2_147_483_647,
  over: 2_147_483_648,
  under: -2_147_483_649,
  large: 9_007_199_254_740_991,
  ratio: 0.5,
  tiny: 1e-9,
  yes: true,
  no: false,
  nothing: null,
  timelimit: [300, null],
  unicode: "Grüße, 世界 🌱",
  nested: { list: [1, [2.5, { deep: 1_099_511_627_776 }]], empty: {}, none: [] },
};

describe("RabbitMQ with Python programs", () => {
  it("lets kombu read our headers, properties and body as we wrote them", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "to-python" });
    const properties = { correlationId: "c-1", replyTo: "r", priority: 3, messageId: "m", timestamp: 1_700_000_000, type: "t", appId: "a" };
    await connection.publish([toQueue("to-python", '["é"]', { headers: HEADERS, properties })]);
    const read = await rig.python(
      `message = connection.default_channel.basic_get("to-python", no_ack=True)
print(json.dumps({"headers": message.headers, "body": message.body.decode() if isinstance(message.body, bytes) else message.body,
  "type": message.content_type, "encoding": message.content_encoding, "mode": message.properties["delivery_mode"],
  "correlation": message.properties["correlation_id"], "reply": message.properties["reply_to"], "priority": message.properties["priority"]}))`,
    );
    expect(read).toEqual({
      headers: HEADERS,
      body: '["é"]',
      type: "application/json",
      encoding: "utf-8",
      mode: 2,
      correlation: "c-1",
      reply: "r",
      priority: 3,
    });
  });

  it("reads what kombu writes, integers of 64 bits included", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "from-python" });
    await rig.python(
      `with connection.Producer() as producer:
  producer.publish(["é"], exchange="", routing_key="from-python", serializer="json", headers=arg, correlation_id="c", priority=2, expiration=60)
  producer.publish({"after": 1}, exchange="", routing_key="from-python", serializer="json", headers={"huge": 2**62 + 1})`,
      HEADERS,
    );
    const delivery = await connection.get("from-python");
    expect(delivery?.headers).toEqual(HEADERS);
    expect(JSON.parse(textOf(delivery) ?? "")).toEqual(["é"]);
    expect(delivery?.properties).toMatchObject({ correlationId: "c", priority: 2, expirationMs: 60_000, deliveryMode: 2 });
    expect((await connection.get("from-python"))?.headers).toEqual({ huge: 2n ** 62n + 1n });
  });

  it("declares queues so that Celery's own declarations match them, and the other way round", async () => {
    const connection = await rig.open();
    const exchange = { name: "celery", type: "direct" } as const;
    await connection.declareQueue({ name: "celery", bindings: [{ exchange, routingKey: "celery" }] });
    await connection.declareQueue({ name: "box", durable: false, autoDelete: true, expiresMs: 10_000, messageTtlMs: 300_000 });
    await connection.declareQueue({ name: "prio", maxPriority: 10 });
    await connection.declareQueue({ name: "large", arguments: { "x-message-ttl": 4_194_304_000 } });
    await connection.declareQueue({ name: "quorum", arguments: { "x-queue-type": "quorum" } });
    await rig.python(
      `ch = connection.default_channel
kombu.Queue("celery", kombu.Exchange("celery", "direct"), "celery")(ch).declare()
kombu.Queue("box", durable=False, auto_delete=True, expires=10, message_ttl=300)(ch).queue_declare()
kombu.Queue("prio", max_priority=10)(ch).queue_declare()
kombu.Queue("large", queue_arguments={"x-message-ttl": 4194304000})(ch).queue_declare()
kombu.Queue("quorum", queue_arguments={"x-queue-type": "quorum"})(ch).queue_declare()
kombu.Queue("theirs", kombu.Exchange("theirs", "topic"), "a.#", expires=3600, message_ttl=60, max_priority=5)(ch).declare()`,
    );
    await connection.declareQueue({
      name: "theirs",
      expiresMs: 3_600_000,
      messageTtlMs: 60_000,
      maxPriority: 5,
      bindings: [{ exchange: { name: "theirs", type: "topic" }, routingKey: "a.#" }],
    });
  });

  for (const type of ["classic", "quorum"] as const) {
    it(`declares the queues of delayed messages as a Celery 5.6 worker does, of the type ${type}`, async () => {
      const connection = await rig.open({ delayQueueType: type });
      const queue = `delayed-${type}`;
      await connection.declareQueue({ name: queue });
      await connection.publish([toQueue(queue, "1", {}, Date.now() + 3_600_000)]);
      const fixture = captured(type === "classic" ? "amqp.worker.quorum-startup-classic-delay" : "amqp.worker.quorum-startup") as object;
      const declarations = declarationsIn(fixture);
      expect(declarations.filter(({ method }) => method === "queue.declare").length).toBeGreaterThan(type === "quorum" ? 27 : 20);
      const made = await rig.python(
        `ch = connection.default_channel
for each in arg:
  a = each["args"]
  if each["method"] == "exchange.declare":
    ch.exchange_declare(a["exchange"], a["type"], durable=a["durable"], auto_delete=a["auto_delete"], arguments=a["arguments"])
  else:
    ch.queue_declare(a["queue"], durable=a["durable"], exclusive=a["exclusive"], auto_delete=a["auto_delete"], arguments=a["arguments"])
print(len(arg))`,
        declarations,
      );
      expect(made).toBe(declarations.length);
      await rig.python(
        `ch = connection.default_channel
for level in range(28):
  ch.queue_delete("celery_delayed_%d" % level)
  ch.exchange_delete("celery_delayed_%d" % level)`,
      );
    });
  }
});

interface Declaration {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The declarations of delay queues and their exchanges in what was captured. */
function declarationsIn(value: unknown): Declaration[] {
  if (typeof value !== "object" || value === null) return [];
  const { method, args } = value as Partial<Declaration>;
  if ((method === "queue.declare" || method === "exchange.declare") && args !== undefined) {
    const name = String(args["queue"] ?? args["exchange"]);
    return name.startsWith("celery_delayed_") ? [{ method, args }] : [];
  }
  return Object.values(value).flatMap(declarationsIn);
}
