// Documents of results: result-meta-codec.ts and result-tuple.ts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { ResultMeta } from "./result-meta.ts";
import { decodeResultMeta, encodeResultMeta, resultMetaFromWire } from "./result-meta-codec.ts";
import { groupTuple, parseResultTuple, parseSavedGroup, taskTuple } from "./result-tuple.ts";

const registry = new SerializerRegistry();
const success: ResultMeta = {
  taskId: "i",
  status: "SUCCESS",
  result: 3,
  traceback: null,
  children: [],
  dateDone: "2024-01-02T03:04:05.678000+00:00",
};

describe("result documents", () => {
  const text = fc.string();
  const anyMeta = fc.record(
    {
      taskId: text,
      status: fc.constantFrom("SUCCESS", "FAILURE", "REVOKED"),
      result: fc.jsonValue(),
      traceback: fc.option(text),
      children: fc.option(fc.array(text.map((id) => taskTuple(id)))),
      dateDone: fc.option(text),
      groupId: text,
      parentId: text,
    },
    { requiredKeys: ["taskId", "status", "result", "traceback", "children", "dateDone"] },
  );
  const extended = fc.record({
    name: text,
    args: fc.array(fc.jsonValue()),
    kwargs: fc.dictionary(text, fc.jsonValue()),
    worker: text,
    retries: fc.nat(),
    queue: text,
    stampedHeaders: fc.constant(["s"]),
    stamps: fc.record({ s: fc.jsonValue() }),
  });

  it.each(["json", "msgpack"])("come back the same in %s", (serializer) => {
    const accept = registry.acceptList([serializer]);
    const { contentType, contentEncoding } = registry.find(serializer);
    const plain = fc.tuple(anyMeta, fc.option(extended)).filter((made) => !JSON.stringify(made).includes("__proto__"));
    fc.assert(
      fc.property(plain, ([meta, more]) => {
        const written = { ...meta, ...more };
        const body = encodeResultMeta(written, registry, serializer);
        expect(asText(decodeResultMeta({ body, contentType, contentEncoding }, registry, accept))).toEqual(asText(written));
      }),
    );
  });

  it("have a date only when the task has ended, and null for no result", () => {
    expect(encodeResultMeta({ ...success, status: "PROGRESS", result: undefined }, registry)).toBe(
      '{"status":"PROGRESS","result":null,"traceback":null,"children":[],"date_done":null,"task_id":"i"}',
    );
  });

  it("do not let a stamp take a field's place", () => {
    expect(
      encodeResultMeta({ ...success, name: "n", stampedHeaders: ["status", "s"], stamps: { status: "FORGED", s: 1 } }, registry),
    ).toContain('"stamped_headers":["status","s"],"s":1');
  });

  it.each([
    [[], "expected the document to be an object"],
    [{ status: "SUCCESS" }, "expected task_id to be a text, got: nothing"],
    [{ task_id: "i", status: 5 }, "expected status to be the name of a state, got: 5"],
    [{ task_id: "i", status: "S", children: 5 }, "expected children to be a list of results or null, got: 5"],
    [{ task_id: "i", status: "S", children: [[["a", 5], null]] }, "expected children[0][0][1] to be [[id, parent], members], got: 5"],
    [{ task_id: "i", status: "S", date_done: 5 }, "expected date_done to be an ISO-8601 time or null, got: 5"],
    [{ task_id: "i", status: "S", traceback: 5 }, "expected traceback to be a string or null, got: 5"],
  ])("%j: say what is wrong", (wire, sentence) => {
    expect(() => resultMetaFromWire(wire)).toThrow(sentence);
  });
});

describe("names of results", () => {
  it("are read with parents and members", () => {
    const group = groupTuple("g", [taskTuple("a", taskTuple("p")), taskTuple("b")]);
    expect(parseResultTuple(structuredClone(group))).toEqual(group);
    expect(parseResultTuple("a")).toEqual(taskTuple("a"));
    expect(parseResultTuple(["a", null])).toEqual(taskTuple("a"));
    expect(parseSavedGroup({ result: group })).toEqual(group);
  });

  it("are refused where they are none", () => {
    expect(() => parseSavedGroup(null)).toThrow(/expected a saved group to be an object with a result/);
    expect(() => parseResultTuple([["a", null], 5])).toThrow(/expected result\[1\] to be a list of results or null, got: 5/);
    expect(() => parseResultTuple([[5, null], null])).toThrow(/expected result\[0\]\[0\] to be an id, got: 5/);
    let deep: unknown = "a";
    for (let i = 0; i < 3000; i++) deep = [["a", deep], null];
    expect(() => parseResultTuple(deep)).toThrow(/nested at most/);
  });
});

/** -0 is written as 0 where the native writer serves. */
function asText(meta: unknown): unknown {
  return JSON.parse(JSON.stringify(meta));
}
