import { describe, expect, it } from "vitest";
import type { CallOptions } from "./call-options.ts";
import { fromWireOptions, toWireOptions } from "./option-names.ts";

const everything: Required<CallOptions> = {
  taskId: "t",
  countdown: 1,
  eta: new Date(0),
  expires: 5,
  queue: "q",
  exchange: "e",
  routingKey: "k",
  priority: 3,
  deliveryMode: 1,
  serializer: "json",
  compression: "gzip",
  headers: { h: 1 },
  ignoreResult: true,
  timeLimit: 9,
  softTimeLimit: null,
  retry: false,
  retryPolicy: { maxRetries: 1, intervalStart: 0, intervalStep: 1, intervalMax: 2 },
  link: [{ task: "l", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false }],
  linkError: [{ task: "e", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false }],
  shadow: "s",
  addToParent: false,
  rootId: "r",
  parentId: "p",
  groupId: "g",
  groupIndex: 2,
  replyTo: "rt",
  retries: 4,
  argsrepr: "(…)",
  kwargsrepr: "{…}",
  stamps: { a: 1 },
  chain: [{ task: "c", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false }],
  chord: { task: "b", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false },
  replacedTaskNesting: 1,
  routeName: "rn",
  mandatory: true,
  properties: { messageId: "m" },
};

describe("options on the wire", () => {
  it("come back as they were written, every one of them", () => {
    expect(fromWireOptions(toWireOptions(everything))).toEqual(everything);
  });

  it("have no name in our spelling", () => {
    for (const name of Object.keys(toWireOptions({ ...everything, properties: {} }))) expect(name).toMatch(/^[a-z_]+$/);
  });

  it("leave out what is undefined, and keep null", () => {
    expect(toWireOptions({ queue: undefined, timeLimit: null })).toEqual({ time_limit: null });
  });

  it("read the times that Python writes as text", () => {
    expect(fromWireOptions({ eta: "1970-01-01T00:00:01+00:00", expires: "1970-01-01T00:00:02+00:00" })).toEqual({
      eta: new Date(1000),
      expires: new Date(2000),
    });
  });

  it("refuse a duration without a unit", () => {
    expect(() => toWireOptions({ countdown: "10" as never })).toThrow("the option countdown");
  });
});
