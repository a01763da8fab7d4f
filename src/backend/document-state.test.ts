import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { saysState } from "./document-state.ts";

const documents = {
  ours: '{"status":"SUCCESS","result":1}',
  "Python's": '{"status": "SUCCESS", "result": 1}',
  "a reply": '{"task_id": "a", "status": "SUCCESS", "result": 1}',
  YAML: "children: []\nstatus: SUCCESS\n",
  msgpack: encode({ status: "SUCCESS", result: 1 }),
  "msgpack of many fields": encode({ status: "SUCCESS", ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, i])) }),
};

describe("the state in a document", () => {
  it.each(Object.entries(documents))("is seen in %s", (_, document) => {
    expect([saysState(document, "SUCCESS"), saysState(document, "SUCCES"), saysState(document, "FAILURE")]).toEqual([true, false, false]);
  });
  it("is not seen in what merely looks like it", () => {
    for (const document of [
      "SUCCESS",
      "",
      '{"result": {"status": "SUCCESS"}}',
      '{"status":"SUCCESSFUL"}',
      new Uint8Array(0),
      Uint8Array.from([0x81]),
    ])
      expect(saysState(document, "SUCCESS")).toBe(false);
  });
});
