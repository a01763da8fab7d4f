import assert from "node:assert/strict";
import { type BackendSuite, bytesOf, entry, read } from "./backend-suite.ts";

const ALL_BYTES = Uint8Array.from({ length: 1024 }, (_, i) => (i * 7) % 256);
const TEXTS: Readonly<Record<string, string>> = {
  "an empty text": "",
  "letters of many alphabets": "Grüße, 世界, Привет, مرحبا, नमस्ते",
  "characters outside the basic plane": "🌱🚀 𝒸𝑒𝓁𝑒𝓇𝓎 \u{10FFFF}",
  "a zero character": "before\u0000after",
  "line ends of all kinds": "a\nb\r\nc\rd\u2028e\u2029f",
  quotes: `'single' "double" \`back\` \\ %s $1 {}`,
  "a text that is a number": "12345678901234567890",
};

/** Chapter: documents come back byte for byte. */
export function contentChapter(suite: BackendSuite): void {
  suite.describe("content of documents", () => {
    for (const [name, text] of Object.entries(TEXTS)) {
      suite.it(`gives back ${name}`, async () => {
        await suite.connection().store([entry("a", "SUCCESS", text)]);
        assert.equal(await read(suite.connection(), "a"), text);
      });
    }
    suite.it("gives back every byte of a binary document, as bytes", async () => {
      await suite.connection().store([entry("a", "SUCCESS", ALL_BYTES)]);
      const document = (await suite.connection().get(["a"])).get("a");
      assert.ok(document instanceof Uint8Array, `expected a binary document to come back as bytes, got: ${typeof document}`);
      assert.deepEqual(bytesOf(document), Buffer.from(ALL_BYTES));
    });
    suite.it("gives back an empty binary document", async () => {
      await suite.connection().store([entry("a", "SUCCESS", new Uint8Array(0))]);
      assert.equal(bytesOf((await suite.connection().get(["a"])).get("a")).length, 0);
    });
    suite.it("stores only the part of a buffer that a document is a view of", async () => {
      await suite.connection().store([entry("a", "SUCCESS", ALL_BYTES.subarray(100, 110))]);
      assert.deepEqual(bytesOf((await suite.connection().get(["a"])).get("a")), Buffer.from(ALL_BYTES.subarray(100, 110)));
    });
    suite.it("keeps what was stored when the caller uses its buffer again", async () => {
      const bytes = Uint8Array.from([1, 2, 3]);
      await suite.connection().store([entry("a", "SUCCESS", bytes)]);
      bytes.fill(9);
      const first = bytesOf((await suite.connection().get(["a"])).get("a"));
      assert.deepEqual([...first], [1, 2, 3]);
    });
    suite.it("gives back a text of one mebibyte", async () => {
      const text = "0123456789abcdeé".repeat(65_536).slice(0, 1_048_576);
      await suite.connection().store([entry("a", "SUCCESS", text)]);
      assert.equal(await read(suite.connection(), "a"), text);
    });
    suite.it("gives back one mebibyte of bytes", async () => {
      const bytes = Uint8Array.from({ length: 1_048_576 }, (_, i) => (i * 31 + (i >> 8)) % 256);
      await suite.connection().store([entry("a", "SUCCESS", bytes)]);
      assert.ok(bytesOf((await suite.connection().get(["a"])).get("a")).equals(bytes));
    });
  });
}
