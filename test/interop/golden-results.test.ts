// Every result document that was captured from Celery decodes to our record and encodes back to the same JSON, key by key.
import { describe, expect, it } from "vitest";
import { decodeException, encodeException, isExceptionRecord } from "../../src/protocol/exception-record.ts";
import {
  decodeResultMeta,
  encodeResultMeta,
  resultMetaFromWire,
  resultMetaToRpc,
  resultMetaToWire,
} from "../../src/protocol/result-meta-codec.ts";
import { parseSavedGroup, savedGroupDocument } from "../../src/protocol/result-tuple.ts";
import { SerializerRegistry } from "../../src/serialization/serializer-registry.ts";
import { captured, capturedMessages, fixtureNames, untypedJson } from "./wire-fixtures.ts";

const registry = new SerializerRegistry();
const accept = registry.acceptList(["json"]);

interface Document {
  readonly fixture: string;
  readonly key: string;
  readonly text: string;
}

const documents: readonly Document[] = fixtureNames(/^redis\.result\./).flatMap((fixture) => {
  const { backend_commands: commands = [], stored = {} } = captured(fixture) as {
    backend_commands?: readonly (readonly string[])[];
    stored?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  };
  const written = commands
    .filter(([command]) => command === "SETEX" || command === "SET" || command === "PUBLISH")
    .map(([, key = "", ...rest]) => ({ fixture, key, text: rest.at(-1) ?? "" }));
  const kept = Object.entries(stored).map(([key, { value }]) => ({ fixture, key, text: value }));
  // The keys behind a dot are counters, which belong to the Redis backend.
  return [...written, ...kept].filter(({ key }) => !/\.[sjt]$/.test(key));
});
const metas = documents.filter(({ key }) => key.includes("celery-task-meta-"));
const groups = documents.filter(({ key }) => key.includes("celery-taskset-meta-"));

function decode(text: string): ReturnType<typeof decodeResultMeta> {
  return decodeResultMeta({ body: text, contentType: "application/json", contentEncoding: "utf-8" }, registry, accept);
}

describe("captured result documents", () => {
  it("are as many as were captured, of every state", () => {
    expect(metas.length).toBeGreaterThan(80);
    expect(new Set(metas.map(({ text }) => decode(text).status))).toEqual(
      new Set(["SUCCESS", "FAILURE", "RETRY", "REVOKED", "STARTED", "PROGRESS"]),
    );
    expect(groups.length).toBeGreaterThan(0);
  });

  it.each(metas)("$fixture $key: comes back the same", ({ text }) => {
    const meta = decode(text);
    const again = encodeResultMeta(meta, registry) as string;
    expect(untypedJson(again)).toEqual(untypedJson(text));
    expect(Object.keys(untypedJson(again) as object)).toEqual(Object.keys(untypedJson(text) as object));
    expect(untypedJson(registry.toJson(resultMetaToWire(meta)))).toEqual(untypedJson(text));
  });

  it.each(metas.filter(({ text }) => isExceptionRecord(decode(text).result)))(
    "$fixture $key: its exception comes back the same",
    ({ text }) => {
      const { result } = decode(text);
      expect(encodeException(decodeException(result))).toEqual(result);
    },
  );

  it.each(groups)("$fixture $key: a saved group comes back the same", ({ text }) => {
    expect(savedGroupDocument(parseSavedGroup(JSON.parse(text)))).toEqual(JSON.parse(text));
  });

  it.each(fixtureNames(/^amqp\.rpc\./).flatMap((fixture) => capturedMessages(fixture).filter((message) => !("task" in message.headers))))(
    "$fixture: a reply comes back the same",
    (message) => {
      const wire = registry.fromJson(message.body);
      expect(resultMetaToRpc(resultMetaFromWire(wire))).toEqual(wire);
      expect(Object.keys(resultMetaToRpc(resultMetaFromWire(wire)))).toEqual(Object.keys(wire as object));
    },
  );
});
