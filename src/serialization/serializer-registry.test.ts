import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SerializationError } from "../errors/celeriac-error.ts";
import { ContentDisallowed } from "../errors/task-errors.ts";
import { CompressionRegistry } from "./compression-registry.ts";
import { Decimal } from "./decimal.ts";
import { requireOptional } from "../util/optional-package.ts";
import { SerializerRegistry } from "./serializer-registry.ts";

const registry = new SerializerRegistry();

describe("SerializerRegistry", () => {
  it("knows serializers by name and by content type, and suggests the nearest for another", () => {
    expect(registry.find("application/x-msgpack")).toBe(registry.find("msgpack"));
    expect(() => registry.find("jsn")).toThrow(/no serializer or compression is called "jsn".*Did you mean json\?/);
    expect(() => registry.find("pickle")).toThrow(/Pickle is never read or written/);
    expect(() => registry.register({ ...registry.find("json"), name: "pickle" })).toThrow(SerializationError);
  });

  it("reads only what is accepted", () => {
    const content = registry.encode({ a: 1 }, "yaml");
    expect(() => registry.decode(content, registry.acceptList(["json"]))).toThrow(ContentDisallowed);
    expect(registry.decode(content, registry.acceptList(["json", "application/x-yaml"]))).toEqual({ a: 1 });
    expect(() => registry.decode({ ...content, contentType: "" }, registry.acceptList(["json"]))).toThrow(/got: none/);
  });

  it("passes over parameters and case of a content type, and reads other charsets", () => {
    const accept = registry.acceptList(["json"]);
    expect(registry.decode({ body: "[1]", contentType: "Application/JSON; charset=utf-8", contentEncoding: "utf-8" }, accept)).toEqual([1]);
    expect(
      registry.decode({ body: Buffer.from('"\xe9"', "latin1"), contentType: "application/json", contentEncoding: "ISO-8859-1" }, accept),
    ).toBe("\u00e9");
    expect(() =>
      registry.decode({ body: Buffer.from([0x22, 0xff, 0x22]), contentType: "application/json", contentEncoding: "utf-8" }, accept),
    ).toThrow(/not valid UTF-8/);
    expect(() => registry.decode({ body: Buffer.from("1"), contentType: "application/json", contentEncoding: "klingon" }, accept)).toThrow(
      /content encoding "klingon"/,
    );
  });

  it.each(["json", "yaml", "msgpack"])("%s gives back plain data, dates, bytes and long integers", (name) => {
    const value = {
      text: "h\u00e9 \u{1d11e}\n",
      list: [1, -1, 1.5, 2 ** 40, true, null],
      long: 2n ** 60n,
      when: new Date("2024-01-02T03:04:05.678Z"),
      bytes: new Uint8Array([0, 255]),
    };
    const content = registry.encode(value, name);
    expect(registry.decode(content, registry.acceptList([name]))).toEqual(value);
    expect(content.contentEncoding).toBe(typeof content.body === "string" ? "utf-8" : "binary");
  });

  it.each(["yaml", "msgpack"])("%s gives back any plain data", (name) => {
    const accept = registry.acceptList([name]);
    const value = fc.jsonValue({ maxDepth: 4 }).filter((made) => !JSON.stringify(made).includes("__proto__"));
    fc.assert(
      fc.property(value, (made) => {
        // As text, for which -0 is 0: integers have no sign of zero.
        expect(JSON.stringify(registry.decode(registry.encode(made, name), accept))).toBe(JSON.stringify(made));
      }),
      { numRuns: 200 },
    );
  });

  it("yaml writes numbers that PyYAML reads as numbers", () => {
    expect(registry.encode([1e21, 1e-7, 1.5e-7, 2 ** 53, -0.5, 3], "yaml").body).toBe(
      "- 1.0e+21\n- 1.0e-7\n- 1.5e-7\n- 9007199254740992.0\n- -0.5\n- 3\n",
    );
  });

  it.each(["yaml", "msgpack"])("%s names what it cannot write", (name) => {
    const circle: unknown[] = [];
    circle.push({ circle });
    expect(() => registry.encode(circle, name)).toThrow(/value\[0\]\.circle refers back to value/);
    expect(() => registry.encode({ d: new Decimal("1") }, name)).toThrow(/value\.d is a Decimal, which only the json serializer can write/);
    expect(() => registry.encode([new Set()], name)).toThrow(/value\[0\] is an instance of Set/);
    expect(() => registry.encode([() => 1], name)).toThrow(/value\[0\] is a function/);
  });

  it.each(["yaml", "msgpack", "raw"])("%s throws nothing but errors of ours on damaged bodies", (name) => {
    const { contentType, contentEncoding } = registry.find(name);
    const accept = registry.acceptList([name]);
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        try {
          registry.decode({ body, contentType, contentEncoding }, accept);
        } catch (error) {
          expect(error).toBeInstanceOf(SerializationError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("hands out raw bytes as they are", () => {
    const content = registry.encode(new Uint8Array([1, 2]), "raw");
    expect(content).toMatchObject({ contentType: "application/data", contentEncoding: "binary" });
    expect(registry.decode(content, registry.acceptList(["raw"]))).toEqual(new Uint8Array([1, 2]));
    expect(() => registry.encode({}, "raw")).toThrow(/expected a Uint8Array or a text, got: object/);
  });

  it("uses a serializer of the user's, and wraps what it throws", () => {
    const own = new SerializerRegistry();
    own.register({
      name: "csv",
      contentType: "text/csv",
      contentEncoding: "utf-8",
      encode: (value) => (value as string[]).join(","),
      decode: (body) => {
        if (body === "") throw new TypeError("empty");
        return String(body).split(",");
      },
    });
    const accept = own.acceptList(["csv"]);
    expect(own.decode(own.encode(["a", "b"], "csv"), accept)).toEqual(["a", "b"]);
    expect(() => own.decode({ body: "", contentType: "text/csv", contentEncoding: "utf-8" }, accept)).toThrow(
      /content type text\/csv cannot be read: empty/,
    );
    expect(() => own.encode(5, "csv")).toThrow(/the csv serializer cannot write this value/);
  });
});

describe("requireOptional", () => {
  it("says which package to install for what", () => {
    expect(() => requireOptional("@celeriac-test/missing/part", "lzma compression")).toThrow(
      "lzma compression needs the package @celeriac-test/missing, which cannot be loaded; install it with: npm install @celeriac-test/missing",
    );
  });
});

describe("CompressionRegistry", () => {
  const text = "x".repeat(1000);
  it.each(["gzip", "zlib", "brotli", "zstd", "lzma", "xz"])("%s gives back what it compressed", (name) => {
    const { body, contentType } = registry.compression.compress(text, name);
    // Some builds of the package for xz store small bodies as they are.
    expect(body.length).toBeLessThan(contentType === "application/x-lzma" ? text.length + 100 : 200);
    expect(Buffer.from(registry.compression.decompress(body, contentType)).toString()).toBe(text);
  });

  it("writes a zlib stream for gzip as Celery does, and reads real gzip", () => {
    expect(registry.compression.compress(text, "gzip").body[0]).toBe(0x78);
    expect(Buffer.from(registry.compression.decompress(gzipSync(text), "application/x-gzip")).toString()).toBe(text);
  });

  it("says that bzip2 cannot be written, that bytes are damaged, and that a name is unknown", () => {
    expect(() => registry.compression.compress(text, "bzip2")).toThrow(/bzip2 can be read but not written here; use zstd/);
    for (const type of ["application/x-gzip", "application/zstd", "application/x-brotli", "application/x-lzma", "application/x-bz2"]) {
      expect(() => registry.compression.decompress(Buffer.from("garbage"), type)).toThrow(
        new RegExp(`${type} cannot be read: it cannot be decompressed`),
      );
    }
    expect(() => registry.compression.compress(text, "rar")).toThrow(/no serializer or compression is called "rar"/);
  });

  it.each(["gzip", "brotli", "zstd", "lzma"])("%s does not unpack a small body into more than its limit", (name) => {
    const small = new CompressionRegistry({ maxBytes: 500 });
    const { body, contentType } = small.compress(text, name);
    expect(() => small.decompress(body, contentType)).toThrow(SerializationError);
  });

  it("takes a compressor of the user's", () => {
    const own = new CompressionRegistry();
    own.register({ names: ["none"], contentType: "application/x-none", compress: (body) => body, decompress: (body) => body });
    expect(own.compress("a", "none").contentType).toBe("application/x-none");
  });
});
