import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "vitest";
import { markRedelivered, marksOf, setMember, splitArray } from "./rewrite-envelope.ts";

describe("an envelope that is given back", () => {
  it("gets kombu's two marks, and nothing else in it changes, not even what JavaScript cannot hold", () => {
    const envelope =
      '{"body": "a\\"}{", "headers": {"id": 12345678901234567890, "x": NaN}, "properties": {"delivery_info": {"exchange": ""}, "priority": 0}}';
    equal(
      markRedelivered(envelope),
      '{"body": "a\\"}{", "headers": {"id": 12345678901234567890, "x": NaN, "redelivered": true}, ' +
        '"properties": {"delivery_info": {"exchange": "", "redelivered": true}, "priority": 0}}',
    );
  });

  it("is marked once, however often it comes back", () => {
    const once = markRedelivered('{"headers":{},"properties":{"delivery_info":{}}}');
    equal(once, '{"headers":{"redelivered": true},"properties":{"delivery_info":{"redelivered": true}}}');
    equal(markRedelivered(once), once);
  });

  it("counts deaths in its header", () => {
    const text = markRedelivered('{"headers": {"x-celeriac-deaths": {"child": 1}}}', marksOf({ child: 1, worker: 0 }, "worker"));
    deepEqual(JSON.parse(text), { headers: { "x-celeriac-deaths": { child: 1, worker: 1 }, redelivered: true } });
  });
});

describe("setMember", () => {
  it("finds members by their own level and leaves texts alone that look like them", () => {
    const text = '{"a": "\\"b\\": {", "list": [{"b": 1}], "b" : { "c" : [1, {"d": "}"}] , "e": 2 } }';
    deepEqual(JSON.parse(setMember(text, ["b"], "e", "3")), { a: '"b": {', list: [{ b: 1 }], b: { c: [1, { d: "}" }], e: 3 } });
    deepEqual(JSON.parse(setMember(text, ["b"], "new", "null")), {
      a: '"b": {',
      list: [{ b: 1 }],
      b: { c: [1, { d: "}" }], e: 2, new: null },
    });
  });

  it("leaves the text as it is where the path leads to no object", () => {
    for (const text of ["{}", '{"a": 1}', '{"a": [1]}', "7"]) equal(setMember(text, ["a"], "b", "1"), text);
  });
});

describe("splitArray", () => {
  it("gives the elements' own texts", () => {
    deepEqual(splitArray(' [ {"a": [1, 2]}, "x, y" ,-1.5e3,null]'), ['{"a": [1, 2]}', '"x, y"', "-1.5e3", "null"]);
    deepEqual(splitArray("[]"), []);
    deepEqual(splitArray("no"), []);
  });
});
