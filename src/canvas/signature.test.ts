import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AsyncResult } from "./async-result.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import { chain } from "./chain.ts";
import { chainRecord, chainSteps } from "./chain-record.ts";
import { taskIdOf } from "./freeze.ts";
import { nodeOf, signature } from "./make-signature.ts";
import { SignatureNode } from "./signature-node.ts";
import type { SignatureSender } from "./signature-sender.ts";

interface Vector {
  readonly json: string;
}
const vectors = (
  JSON.parse(readFileSync(new URL("../../test/fixtures/wire/vectors.signatures.json", import.meta.url), "utf8")) as {
    readonly captured: Record<string, Vector>;
  }
).captured;
const python = (name: string): unknown => JSON.parse(vectors[name]?.json ?? "null");
const s = (task: string, ...args: readonly unknown[]): SignatureNode => nodeOf(task, args, {}, undefined);

describe("a signature's JSON", () => {
  it("is Python's, key for key, for plain, immutable and linked calls and for chains", () => {
    expect(JSON.stringify(s("tasks.add", 2, 3))).toBe(vectors["task"]?.json.replaceAll(/([:,]) /g, "$1"));
    expect(JSON.parse(JSON.stringify(nodeOf("tasks.add", [2, 3], { immutable: true }, undefined)))).toEqual(python("immutable"));
    expect(
      JSON.parse(JSON.stringify(nodeOf("tasks.add", [2], { kwargs: { y: 3 }, countdown: 10, queue: "q", priority: 5 }, undefined))),
    ).toEqual(python("task-kwargs-options"));
    const linked = s("tasks.add", 1, 1).link(s("tasks.mul", 2)).linkError(s("tasks.onerr1"));
    expect(JSON.parse(JSON.stringify(linked))).toEqual(python("link"));
    expect(JSON.parse(JSON.stringify(s("tasks.add", 1, 1).pipe(s("tasks.mul", 2))))).toEqual(python("chain"));
  });

  it("comes back from Python's as the same signature, whatever kind it is", () => {
    for (const name of Object.keys(vectors)) {
      const record = python(name) as SignatureRecord;
      expect(JSON.parse(JSON.stringify(signature(record))), name).toEqual(record);
    }
  });

  it("is seen neither by spreading nor by JSON to know its sender", () => {
    const sender = recordingSender();
    const made = nodeOf("a", [1], {}, sender);
    expect(Object.keys({ ...made })).toEqual(["task", "args", "kwargs", "options", "subtask_type", "immutable"]);
    expect(SignatureNode.senderOf(made)).toBe(sender);
    expect(SignatureNode.senderOf(JSON.parse(JSON.stringify(made)))).toBeUndefined();
  });
});

describe("a signature", () => {
  it("is frozen, and each method gives another one", () => {
    const made = s("a", 1);
    expect(Object.isFrozen(made)).toBe(true);
    expect(Object.isFrozen(made.args)).toBe(true);
    expect(() => (made.args as unknown[]).push(2)).toThrow(TypeError);
    const changed = made.set({ queue: "slow" });
    expect(made.options).toEqual({});
    expect(changed.options).toEqual({ queue: "slow" });
  });

  it("turns options into Celery's names and seconds", () => {
    const at = new Date(0);
    const { options } = s("a").set({
      countdown: "10s",
      expires: at,
      softTimeLimit: "2m",
      routingKey: "k",
      retryPolicy: { maxRetries: null, intervalStep: "200ms" },
      stamps: { tenant: "t1" },
      properties: { messageId: "m" },
    });
    expect(options).toEqual({
      countdown: 10,
      expires: at,
      soft_time_limit: 120,
      routing_key: "k",
      retry_policy: { max_retries: null, interval_step: 0.2 },
      stamped_headers: ["tenant"],
      tenant: "t1",
      messageId: "m",
    });
  });

  it("puts the call's arguments first, lets its keyword arguments and options win, and keeps its own stamps and group", async () => {
    const sender = recordingSender();
    const made = nodeOf("a", [2], { kwargs: { x: 1, y: 1 }, queue: "q1", groupId: "g", stamps: { s: 1 } }, sender);
    await made.applyAsync([1], { kwargs: { y: 2 }, queue: "q2", groupId: "other", properties: { s: 2 } });
    expect(sender.sent[0]).toEqual({
      task: "a",
      args: [1, 2],
      kwargs: { x: 1, y: 2 },
      options: { queue: "q2", group_id: "g", stamped_headers: ["s"], s: 1 },
      subtask_type: null,
      immutable: false,
    });
  });

  it("ignores arguments but not options where it is immutable", async () => {
    const sender = recordingSender();
    await nodeOf("a", [2], { immutable: true }, sender).applyAsync([1], { kwargs: { z: 1 }, queue: "q" });
    expect(sender.sent[0]).toMatchObject({ args: [2], kwargs: {}, options: { queue: "q" } });
  });

  it("never holds the same callback twice", () => {
    const twice = s("a").link(s("b", 1)).link(s("b", 1)).link(s("b", 2));
    expect(twice.options["link"]).toHaveLength(2);
  });

  it("keeps its id once it is frozen", () => {
    const frozen = s("a").freeze();
    expect(taskIdOf(frozen)).toMatch(/^[0-9a-f-]{36}$/);
    expect(taskIdOf(frozen.freeze())).toBe(taskIdOf(frozen));
    expect(taskIdOf(s("a").freeze({ taskId: "t1" }))).toBe("t1");
  });

  it("refuses to be sent where it belongs to no app, and says what to do", async () => {
    await expect(signature("a").delay()).rejects.toThrow("app.signature(record)");
  });

  it("clones with arguments before, and options over, its own", () => {
    const clone = s("a", 2).set({ queue: "q" }).clone([1], { countdown: 5, immutable: true });
    expect(clone.toJSON()).toMatchObject({ args: [1, 2], options: { queue: "q", countdown: 5 }, immutable: true });
  });
});

describe("chain", () => {
  const untyped = chain as unknown as (...steps: readonly unknown[]) => SignatureNode;

  it("is flat: a chain within gives its steps, its callback goes to its last step, its errback to each of them", () => {
    const inner = untyped(s("b"), s("c")).link(s("done")).linkError(s("oops"));
    const steps = chainSteps(untyped(s("a"), inner, s("d")));
    expect(steps.map((step) => step.task)).toEqual(["a", "b", "c", "d"]);
    expect(steps.map((step) => (step.options["link"] as SignatureRecord[] | undefined)?.map(({ task }) => task))).toEqual([
      undefined,
      undefined,
      ["done"],
      undefined,
    ]);
    expect(steps.map((step) => (step.options["link_error"] as SignatureRecord[] | undefined)?.map(({ task }) => task))).toEqual([
      undefined,
      ["oops"],
      ["oops"],
      undefined,
    ]);
  });

  it("stays a chain with one step, and takes one iterable", () => {
    expect(untyped(s("a")).subtask_type).toBe("chain");
    expect(chainSteps(untyped([s("a"), s("b")])).map(({ task }) => task)).toEqual(["a", "b"]);
  });

  it("is sent by the app of the first step that has one", async () => {
    const sender = recordingSender();
    await untyped(s("a"), nodeOf("b", [], {}, sender)).delay(1);
    expect(sender.sent[0]).toMatchObject({ task: "celery.chain", args: [1] });
  });

  it("refuses to be empty, and steps that are no signatures", () => {
    expect(() => chainRecord([])).toThrow("a chain needs at least one step");
    expect(() => untyped(s("a"), function mul() {})).toThrow("got: the function mul; call its .s()");
  });
});

function recordingSender(): SignatureSender & { readonly sent: SignatureRecord[] } {
  const sent: SignatureRecord[] = [];
  const answer = async (record: SignatureRecord): Promise<AsyncResult<unknown>> => {
    sent.push(record);
    return { id: "x" } as AsyncResult<unknown>;
  };
  return { sent, sendSignature: answer, applySignature: answer };
}
