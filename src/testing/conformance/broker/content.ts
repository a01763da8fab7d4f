import assert from "node:assert/strict";
import type { Delivery, MessageProperties, OutgoingMessage } from "../../../broker/contract.ts";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

const TEXTS: Readonly<Record<string, string>> = {
  "an empty text": "",
  "letters of many alphabets": "Grüße, 世界, Привет, مرحبا, नमस्ते",
  "characters outside the basic plane": "🌱🚀 𝒸𝑒𝓁𝑒𝓇𝓎 \u{10FFFF}",
  "a zero character": "before\u0000after",
  "line ends of all kinds": "a\nb\r\nc\rd\u2028e\u2029f",
  "what SQL, JSON and shells have quotes for": `'single' "double" \`back\` \\ %s $1 {} ; --`,
};
const HEADERS = {
  lang: "js",
  task: "shop.add",
  id: "5a9c5c3b-1c7e-4e1c-a1b1-0d9f6b0f0001",
  retries: 0,
  ratio: 0.5,
  big: 9007199254740991,
  negative: -7,
  yes: true,
  no: false,
  nothing: null,
  timelimit: [null, 30],
  nested: { list: [1, { deep: "ü" }], empty: {}, none: [] },
  "x-custom header": "with a space and 世界",
};
const PROPERTIES: MessageProperties = {
  correlationId: "5a9c5c3b-1c7e-4e1c-a1b1-0d9f6b0f0001",
  replyTo: "reply-queue",
  deliveryMode: 2,
  priority: 0,
  messageId: "m-1",
  timestamp: 1_700_000_000,
  type: "kind",
  appId: "shop",
};

/** Chapter: what arrives is what was sent: body, headers and properties. */
export function contentChapter(suite: BrokerSuite): void {
  const roundTrip = async (body: string | Uint8Array, message: Partial<OutgoingMessage> = {}): Promise<Delivery> => {
    const connection = await suite.connect();
    await connection.declareQueue({ name: "q" });
    await connection.publish([toQueue("q", body, message)]);
    const delivery = await connection.get("q");
    assert.ok(delivery, "expected the message to be there");
    return delivery;
  };
  suite.describe("content and headers", () => {
    for (const [name, text] of Object.entries(TEXTS)) {
      suite.it(`delivers ${name}`, async () => {
        assert.equal(textOf(await roundTrip(text)), text);
      });
    }
    suite.it("delivers every byte of a binary body", async () => {
      const bytes = Uint8Array.from({ length: 1024 }, (_, i) => (i * 7) % 256);
      const { body, contentType, contentEncoding } = await roundTrip(bytes, { contentType: "application/data", contentEncoding: "binary" });
      assert.ok(body instanceof Uint8Array, `expected a binary body to come back as bytes, got: ${typeof body}`);
      assert.deepEqual(Buffer.from(body), Buffer.from(bytes));
      assert.deepEqual([contentType, contentEncoding], ["application/data", "binary"]);
    });
    suite.it("delivers only the part of a buffer that the body is a view of, as it was when it was published", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const buffer = Uint8Array.from({ length: 100 }, (_, i) => i);
      await connection.publish([toQueue("q", buffer.subarray(10, 15), { contentEncoding: "binary" })]);
      buffer.fill(255);
      const delivery = await connection.get("q");
      assert.deepEqual([...Buffer.from(delivery?.body ?? "")], [10, 11, 12, 13, 14]);
    });
    suite.it("delivers an empty binary body", async () => {
      assert.equal(Buffer.from((await roundTrip(new Uint8Array(0), { contentEncoding: "binary" })).body).length, 0);
    });
    suite.it("delivers a text of one mebibyte", async () => {
      const text = "0123456789abcdeé".repeat(65_536).slice(0, 1_048_576);
      assert.ok(textOf(await roundTrip(text)) === text, "the text came back changed");
    });
    suite.it("delivers one mebibyte of bytes", async () => {
      const bytes = Uint8Array.from({ length: 1_048_576 }, (_, i) => (i * 31 + (i >> 8)) % 256);
      assert.ok(Buffer.from((await roundTrip(bytes, { contentEncoding: "binary" })).body).equals(bytes), "the bytes came back changed");
    });
    suite.it("delivers headers of every kind that JSON has", async () => {
      assert.deepEqual({ ...(await roundTrip("{}", { headers: HEADERS })).headers }, HEADERS);
    });
    suite.it("delivers a header called __proto__ as a header, or not at all", async () => {
      const headers = JSON.parse('{"__proto__": {"polluted": true}, "plain": 1}') as Record<string, unknown>;
      const delivery = await roundTrip("{}", { headers });
      assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
      assert.equal((delivery.headers as Record<string, unknown>)["polluted"], undefined, "the header became a prototype");
      assert.equal(delivery.headers["plain"], 1);
    });
    suite.it("delivers the properties", async () => {
      const { properties } = await roundTrip("{}", { properties: PROPERTIES });
      for (const [name, value] of Object.entries(PROPERTIES)) assert.equal(properties[name as keyof MessageProperties], value, name);
    });
    suite.it("delivers a content type and encoding of any kind", async () => {
      const delivery = await roundTrip("a: 1", { contentType: "application/x-yaml", contentEncoding: "utf-8" });
      assert.deepEqual([delivery.contentType, delivery.contentEncoding], ["application/x-yaml", "utf-8"]);
    });
    suite.it("keeps names of queues and routing keys of any spelling apart", async () => {
      const connection = await suite.connect();
      const names = ["Q", "q", "q ", "q.q", "q:q", "q*", "q#", "q%", "q_", "q'q", "世界", "celery@host.dq2", "__proto__"];
      for (const name of names) {
        await connection.declareQueue({ name });
        await connection.publish([toQueue(name, name)]);
      }
      for (const name of names) assert.equal(textOf(await connection.get(name)), name);
      for (const name of names) assert.equal(await connection.get(name), undefined);
    });
  });
}
