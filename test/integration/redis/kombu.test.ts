// Messages to and from Python's own kombu.
import { deepEqual, equal } from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { runPython } from "../../support/services/python-celery.ts";
import { Namespace, textOf, toQueue } from "./namespace.ts";

let space: Namespace;

beforeEach(() => {
  space = new Namespace();
});
afterEach(() => space.close());

const CONNECT = `
import sys, json, socket
from kombu import Connection, Exchange, Queue, Consumer, Producer
url, prefix = sys.argv[1], sys.argv[2]
connection = Connection(url, transport_options={"global_keyprefix": prefix, "visibility_timeout": 3600})
`;

describe("kombu", () => {
  it("reads what we publish: text, bytes, headers and properties", async () => {
    const connection = await space.connect();
    await connection.declareQueue({ name: "py", bindings: [{ exchange: { name: "py", type: "direct" }, routingKey: "py" }] });
    await connection.publish([
      toQueue("py", JSON.stringify({ text: "Grüße 世界 🌱" }), {
        headers: { id: "1", deep: { list: [1, null, "ü"] } },
        properties: { correlationId: "c", replyTo: "r", priority: 3 },
      }),
      toQueue("py", new Uint8Array([0, 255, 128]), { contentType: "application/data", contentEncoding: "binary" }),
    ]);
    const printed = await runPython(
      `${CONNECT}
got = []
def on_message(message):
    body = message.body
    got.append([body.hex() if message.content_encoding == "binary" else json.loads(body), message.headers, message.properties.get("correlation_id"), message.properties.get("reply_to"), message.delivery_info])
    message.ack()
with Consumer(connection.channel(), [Queue("py", Exchange("py"), routing_key="py")], on_message=on_message, accept=None):
    while len(got) < 2: connection.drain_events(timeout=5)
print(json.dumps(got))
`,
      space.url,
      space.prefix,
    );
    const got = JSON.parse(printed) as unknown[][];
    const text = got.find(([body]) => typeof body === "object");
    deepEqual(text?.slice(0, 4), [{ text: "Grüße 世界 🌱" }, { id: "1", deep: { list: [1, null, "ü"] } }, "c", "r"]);
    equal(got.find(([body]) => typeof body === "string")?.[0], "00ff80");
    equal((await connection.queueInfo("py"))?.messages, 0);
  });

  it("writes what we read, to a queue that only it has declared", async () => {
    await runPython(
      `${CONNECT}
channel = connection.channel()
queue = Queue("theirs", Exchange("theirs"), routing_key="theirs")(channel)
queue.declare()
producer = Producer(channel)
producer.publish({"n": 1, "text": "Grüße"}, exchange="", routing_key="theirs", headers={"id": "7"}, priority=6, correlation_id="c")
producer.publish({"n": 2}, exchange="theirs", routing_key="theirs", priority=0, compression="zlib")
`,
      space.url,
      space.prefix,
    );
    const connection = await space.connect();
    equal((await connection.queueInfo("theirs"))?.messages, 2);
    const [second, first] = [await connection.get("theirs"), await connection.get("theirs")];
    deepEqual([second?.exchange, second?.routingKey, second?.headers["compression"]], ["theirs", "theirs", "application/x-gzip"]);
    deepEqual(
      [textOf(first), first?.headers["id"], first?.properties.priority, first?.properties.correlationId],
      ['{"n": 1, "text": "Gr\\u00fc\\u00dfe"}', "7", 6, "c"],
    );
    equal(await connection.purge("theirs"), 0);
    for (const delivery of [first, second]) equal(await connection.settle(delivery?.tag ?? "", { kind: "ack" }), true);
  });

  it("routes by our bindings, and we by its", async () => {
    const connection = await space.connect();
    const topic = { name: "top", type: "topic" } as const;
    await connection.declareQueue({ name: "ours", bindings: [{ exchange: topic, routingKey: "a.*" }] });
    await runPython(
      `${CONNECT}
channel = connection.channel()
exchange = Exchange("top", "topic")
Queue("theirs", exchange, routing_key="#.b")(channel).declare()
Producer(channel).publish("from python", exchange=exchange(channel), routing_key="a.b", serializer="json")
`,
      space.url,
      space.prefix,
    );
    equal(textOf(await connection.get("ours")), '"from python"');
    await connection.publish([{ ...toQueue("", "from here"), exchange: "top", routingKey: "a.b" }]);
    equal(textOf(await connection.get("theirs")), '"from python"');
    equal(textOf(await connection.get("theirs")), "from here");
  });

  it("gets our fanouts, and we get its", async () => {
    const connection = await space.connect();
    const fanout = { name: "cast", type: "fanout" } as const;
    await connection.declareQueue({ name: "mine", bindings: [{ exchange: fanout, routingKey: "" }] });
    const heard = connection.consume({
      queues: ["mine"],
      prefetch: 0,
      noAck: true,
      // Answered from here when theirs comes, so that they listen by then.
      onDeliveries: (batch) => {
        for (const delivery of batch)
          if (textOf(delivery) === '"ping"') void connection.publish([{ ...toQueue("", '"pong"'), exchange: "cast", routingKey: "" }]);
      },
    });
    await heard;
    const printed = await runPython(
      `${CONNECT}
channel = connection.channel()
exchange = Exchange("cast", "fanout")
got = []
def on_message(message): got.append(json.loads(message.body))
with Consumer(channel, [Queue("pyq", exchange)], on_message=on_message, no_ack=True):
    try: connection.drain_events(timeout=0.2)
    except socket.timeout: pass
    Producer(connection.channel()).publish("ping", exchange=exchange(channel), serializer="json")
    while "pong" not in got: connection.drain_events(timeout=5)
print(json.dumps(got))
`,
      space.url,
      space.prefix,
    );
    deepEqual(JSON.parse(printed), ["ping", "pong"]);
  });

  it("restores what we held and parked, when nobody of ours is left", async () => {
    const connection = await space.connect({ visibility_timeout: 1 });
    await connection.declareQueue({ name: "q" });
    await connection.publish([toQueue("q", '"held"')]);
    await connection.publish([{ ...toQueue("q", '"parked"'), visibleAt: Date.now() + 100 }]);
    const held = await connection.get("q");
    // As after the death of all of ours: the entry is old.
    await space.client.zadd(space.key("unacked_index"), 1, String(held?.tag));
    await runPython(
      `${CONNECT.replace("3600", "1")}
import time
time.sleep(0.3)
channel = connection.channel()
channel.qos.restore_visible(num=10)
`,
      space.url,
      space.prefix,
    );
    const restored = (await space.client.lrange(space.key("q"), 0, -1)).map(
      (text) => JSON.parse(text) as { headers: { redelivered?: boolean } },
    );
    deepEqual(
      restored.map(({ headers }) => headers.redelivered),
      [true, true],
    );
    equal(await connection.settle(held?.tag ?? "", { kind: "ack" }), false);
    equal((await connection.queueInfo("q"))?.messages, 3, "a parked message that Python has restored is counted until we look");
    equal(await connection.purge("q"), 2);
  });
});
