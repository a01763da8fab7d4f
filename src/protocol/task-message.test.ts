// Codecs of task messages: task-headers.ts, task-body.ts, task-message-v1.ts, decode-task-message.ts, signature-codec.ts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SerializationError } from "../errors/celeriac-error.ts";
import { SerializerRegistry } from "../serialization/serializer-registry.ts";
import { decodeTaskMessage } from "./decode-task-message.ts";
import { originOf } from "./origin.ts";
import { parseSignature, parseSignatures } from "./signature-codec.ts";
import { encodeTaskBody } from "./task-body.ts";
import { decodeTaskHeaders, emptyHeaders, encodeTaskHeaders } from "./task-headers.ts";
import { emptyEmbed, type TaskHeaders } from "./task-message.ts";
import { buildTaskBodyV1 } from "./task-message-v1.ts";

const registry = new SerializerRegistry();
const accept = registry.acceptList(["json"]);
const noop: TaskHeaders = { ...emptyHeaders, task: "t", id: "i" };
const payload = { args: [1], kwargs: { a: 2 }, embed: emptyEmbed };

describe("headers", () => {
  const text = fc.option(fc.string());
  const time = fc.option(fc.constantFrom("2024-01-02T03:04:05.678000+00:00", "2030-01-01T00:00:00"));
  const anyHeaders = fc.record({
    task: fc.string({ minLength: 1 }),
    id: fc.string({ minLength: 1 }),
    lang: fc.string(),
    shadow: text,
    eta: time,
    expires: fc.oneof(time, fc.integer()),
    group: text,
    groupIndex: fc.option(fc.nat()),
    retries: fc.nat(),
    timelimit: fc.tuple(fc.option(fc.nat()), fc.option(fc.nat())),
    rootId: text,
    parentId: text,
    argsrepr: text,
    kwargsrepr: text,
    origin: text,
    ignoreResult: fc.option(fc.boolean()),
    replacedTaskNesting: fc.nat(),
    stampedHeaders: fc.option(fc.array(fc.string())),
    stamps: fc.dictionary(fc.string(), fc.jsonValue()),
    custom: fc.dictionary(
      fc.string().map((name) => `x-${name}`),
      fc.jsonValue(),
    ),
  });

  it.each([false, true])("come back the same (compact: %s)", (compact) => {
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        expect(decodeTaskHeaders(encodeTaskHeaders(headers, { compact }))).toEqual(headers);
      }),
    );
  });

  it("are no more than task and id where nothing else is said, in the compact form", () => {
    expect(encodeTaskHeaders(noop, { compact: true })).toEqual({ task: "t", id: "i" });
    expect(
      Object.keys(encodeTaskHeaders({ ...noop, argsrepr: "()", kwargsrepr: "{}", origin: "gen1@h", ignoreResult: false })),
    ).toHaveLength(19);
  });

  it("keep the user's from taking the place of ours, and from setting a prototype", () => {
    const custom = JSON.parse('{"id": "forged", "__proto__": {"polluted": true}, "x": 1}') as Record<string, unknown>;
    const raw = encodeTaskHeaders({ ...noop, custom });
    expect(raw).toMatchObject({ id: "i", x: 1 });
    expect(Object.getPrototypeOf(raw)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(decodeTaskHeaders(raw).custom)).toBe(Object.prototype);
  });

  it("leave facts of one delivery behind", () => {
    expect(decodeTaskHeaders({ task: "t", id: "i", redelivered: true, compression: "application/x-gzip", own: 1 }).custom).toEqual({
      own: 1,
    });
    expect(encodeTaskHeaders(noop, { compact: true, compression: "application/zstd" })).toEqual({
      task: "t",
      id: "i",
      compression: "application/zstd",
    });
  });

  it.each([
    [{ id: "i" }, "not a task message: expected the header task to be a name, got: nothing"],
    [{ task: "t", id: 5 }, "not a task message (task t): expected the header id to be a text, got: 5"],
    [{ task: "t", id: "i", group: 5 }, "not a task message (task t, id i): expected the header group to be a text or null, got: 5"],
    [{ task: "t", id: "i", retries: "2" }, 'expected the header retries to be a number or null, got: "2"'],
    [{ task: "t", id: "i", ignore_result: 1 }, "expected the header ignore_result to be true, false or null, got: 1"],
    [{ task: "t", id: "i", stamped_headers: [1] }, "expected the header stamped_headers to be names of stamps or null, got: an array of 1"],
    [{ task: "t", id: "i", stamps: [] }, "expected the header stamps to be an object, got: an array of 0"],
    [
      { task: "t", id: "i", timelimit: [1, "2"] },
      "expected the header timelimit to be two numbers of seconds or nulls, the hard limit first, got: an array of 2",
    ],
    [{ task: "t", id: "i", expires: "soon" }, "expected the header expires to be an ISO-8601 time"],
  ])("%j: says what is wrong", (raw, sentence) => {
    expect(() => decodeTaskHeaders(raw)).toThrow(SerializationError);
    expect(() => decodeTaskHeaders(raw)).toThrow(sentence);
  });
});

describe("decodeTaskMessage", () => {
  const message = (headers: Record<string, unknown> | null, body: string | Uint8Array): Parameters<typeof decodeTaskMessage>[0] => ({
    headers,
    body,
    contentType: "application/json",
    contentEncoding: "utf-8",
  });

  it("reads the body only when it is asked for", () => {
    const read = decodeTaskMessage(message(encodeTaskHeaders(noop), "garbage"), registry, accept);
    expect(read.headers).toEqual(noop);
    expect(read.content.body).toBe("garbage");
    expect(() => read.payload()).toThrow(/application\/json cannot be read/);
  });

  it("gives the same payload each time", () => {
    const read = decodeTaskMessage(message(encodeTaskHeaders(noop), encodeTaskBody(payload, registry).body), registry, accept);
    expect(read.payload()).toEqual(payload);
    expect(read.payload()).toBe(read.payload());
  });

  it("reads protocol 1, and writes it", () => {
    const headers = { ...noop, lang: "py", group: "g", groupIndex: 2, timelimit: [9, 8] as const };
    const body = buildTaskBodyV1(headers, payload);
    const read = decodeTaskMessage(message({}, registry.toJson({ ...body, utc: false })), registry, accept);
    expect(read).toMatchObject({ version: 1, utc: false, headers });
    expect(read.payload()).toEqual(payload);
    expect(decodeTaskMessage(message({}, '{"task":"t","id":"i","taskset":"g"}'), registry, accept)).toMatchObject({
      headers: { group: "g" },
    });
    expect(() => buildTaskBodyV1(noop, { ...payload, embed: { ...emptyEmbed, chain: [parseSignature({ task: "x" }, "s")] } })).toThrow(
      /expected no chain in a message of protocol 1/,
    );
  });

  it("takes a hybrid's headers over the fields of its body, and what they leave out from there", () => {
    const body = '{"task":"other","id":"other","eta":"2030-01-01T00:00:00Z","args":[1],"kwargs":{},"callbacks":{"task":"next"}}';
    const read = decodeTaskMessage(message({ task: "t", id: "i" }, body), registry, accept);
    expect(read.headers).toMatchObject({ task: "t", id: "i", eta: "2030-01-01T00:00:00Z" });
    expect(read.payload().embed.callbacks).toEqual([
      { task: "next", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false },
    ]);
  });

  it("throws nothing but errors of ours, whatever comes", () => {
    const anyMessage = fc.record({
      headers: fc.oneof(
        fc.constant(null),
        fc.dictionary(fc.constantFrom("task", "id", "eta", "timelimit", "compression", "stamps", "__proto__"), fc.jsonValue()),
      ),
      body: fc.oneof(fc.uint8Array(), fc.json()),
      contentType: fc.constantFrom("application/json", "", "text/plain", "application/x-python-serialize"),
      contentEncoding: fc.constantFrom("utf-8", "", "binary", "x"),
    });
    fc.assert(
      fc.property(anyMessage, (received) => {
        try {
          decodeTaskMessage(received, registry, accept).payload();
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^CELERIAC_/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("bodies", () => {
  it("leave out an embed that says nothing only in the compact form", () => {
    expect(encodeTaskBody(payload, registry).body).toBe('[[1],{"a":2},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]');
    expect(encodeTaskBody(payload, registry, { compact: true }).body).toBe('[[1],{"a":2},null]');
    expect(encodeTaskBody({ ...payload, embed: { ...emptyEmbed, chain: [] } }, registry, { compact: true }).body).toContain('"chain":[]');
  });

  it("name the argument that cannot be written", () => {
    expect(() => encodeTaskBody({ ...payload, args: [{ done: () => 1 }] }, registry)).toThrow("args[0].done is a function");
  });
});

describe("signatures", () => {
  it("get what their sender left out, at every depth", () => {
    const full = { task: "a", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };
    expect(parseSignature({ task: "a" }, "s")).toEqual(full);
    expect(parseSignature({ ...full, options: { link: { task: "a" } }, extra: 1 }, "s")).toEqual({
      ...full,
      options: { link: [full] },
      extra: 1,
    });
    const chord = {
      task: "celery.chord",
      args: [],
      kwargs: { header: { task: "celery.group", kwargs: { tasks: [{ task: "a" }] }, subtask_type: "group" }, body: { task: "a" } },
    };
    expect(parseSignature(chord, "s").kwargs).toMatchObject({ header: { kwargs: { tasks: [full] } }, body: full });
    expect(parseSignatures(null, "s")).toBeNull();
    // A task of the user's may have a canvas's name.
    expect(parseSignature({ task: "chain", kwargs: { tasks: 5 } }, "s").kwargs).toEqual({ tasks: 5 });
  });

  it.each([
    [{}, "expected chain[0].task to be the name of a task, got: nothing"],
    [5, "expected chain[0] to be a signature, got: 5"],
    [{ task: "a", args: {} }, "expected chain[0].args to be an array, got: an object"],
    [{ task: "a", kwargs: [] }, "expected chain[0].kwargs to be an object, got: an array of 0"],
    [{ task: "a", subtask_type: 1 }, "expected chain[0].subtask_type to be a text or null, got: 1"],
    [{ task: "a", immutable: "yes" }, 'expected chain[0].immutable to be true or false, got: "yes"'],
    [
      { task: "celery.chain", kwargs: { tasks: [{ task: "a" }, { task: "" }] } },
      'expected chain[0].kwargs.tasks[1].task to be the name of a task, got: ""',
    ],
    [
      { task: "a", options: { link: [{ task: "b", options: { chord: 1 } }] } },
      "expected chain[0].options.link[0].options.chord to be a signature, got: 1",
    ],
    [{ task: "a", options: { link_error: 7 } }, "expected chain[0].options.link_error to be a list of signatures, got: 7"],
  ])("%j: say where they are wrong", (wrong, sentence) => {
    expect(() => parseSignatures([wrong], "chain", { task: "t", id: "i" })).toThrow(`not a task message (task t, id i): ${sentence}`);
  });

  it("are refused where they nest without end", () => {
    let deep: object = { task: "a" };
    for (let i = 0; i < 3000; i++) deep = { task: "a", options: { link: [deep] } };
    expect(() => parseSignature(deep, "s")).toThrow(/nested at most/);
  });
});

describe("originOf", () => {
  it("is Celery's name of a sender", () => expect(originOf(7, "host")).toBe("gen7@host"));
});
