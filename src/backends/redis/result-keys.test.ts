import { describe, expect, it } from "vitest";
import { keyExpiry } from "./key-expiry.ts";
import { resultKeys } from "./result-keys.ts";

describe("the keys of results", () => {
  it("are Celery's", () => {
    const keys = resultKeys("");
    expect(keys.task("t")).toBe("celery-task-meta-t");
    expect(keys.group("g")).toBe("celery-taskset-meta-g");
    expect(keys.chord("g")).toEqual(["celery-taskset-meta-g.j", "celery-taskset-meta-g.t", "celery-taskset-meta-g.s"]);
    expect([keys.taskOf("celery-task-meta-t"), keys.taskOf("celery-taskset-meta-t"), keys.taskOf("other")]).toEqual([
      "t",
      undefined,
      undefined,
    ]);
  });
  it.each([
    ["myapp", "myapp_"],
    ["myapp_", "myapp_"],
    ["myapp:", "myapp:"],
    ["my-", "my-"],
    ["my.", "my."],
  ])("begin with the global prefix, and an underscore where it ends in nothing that separates: %s", (prefix, written) => {
    expect(resultKeys(prefix).task("t")).toBe(`${written}celery-task-meta-t`);
  });
  it("are kept for whole seconds as Celery says it, for milliseconds where that is not enough, or for ever", () => {
    expect([86_400_000, 1500, 0, 0.2, null].map(keyExpiry)).toEqual(["86400", "p1500", "p1", "p1", ""]);
  });
});
