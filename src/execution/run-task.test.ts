import { describe, expect, it } from "vitest";
import { Ignore, Reject } from "../errors/directives.ts";
import { Hooks } from "../hooks/hooks.ts";
import { encodeResultMeta } from "../protocol/result-meta-codec.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import { emptyHeaders } from "../protocol/task-headers.ts";
import { emptyEmbed, type TaskEmbed, type TaskHeaders } from "../protocol/task-message.ts";
import { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { ExecutionOptions, TaskDefinition } from "../task/task-definition.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { silentLogger } from "../util/logger.ts";
import { currentTask } from "./current-task.ts";
import type { ExecutionHost, FollowUp, MessageDraft } from "./execution-host.ts";
import type { ExecutionOutcome, StateUpdate } from "./execution-outcome.ts";
import type { ExecutionRequest } from "./execution-request.ts";
import { endWithoutRunning } from "./end-without-running.ts";
import { createExecutor } from "./executor.ts";

const defaults: ExecutionOptions = {
  maxRetries: 3,
  defaultRetryDelaySeconds: 180,
  autoretry: null,
  throws: [],
  ignoreResult: false,
  storeErrorsEvenIfIgnored: false,
  trackStarted: false,
  acksLate: true,
  acksOnFailure: true,
  acksOnTimeout: true,
  rejectOnWorkerLost: true,
  sendEvents: true,
  trail: true,
  resultReprMaxSize: 1024,
  timeLimitSeconds: null,
  softTimeLimitSeconds: null,
  rateLimit: null,
  serializer: null,
  compression: null,
  priority: null,
};

type Body = (this: TaskContext, ...args: never[]) => unknown;

function define(
  name: string,
  run: Body,
  options: Partial<ExecutionOptions> = {},
  handlers: TaskDefinition["handlers"] = {},
): TaskDefinition {
  return { name, run, options: { ...defaults, ...options }, handlers, bindArguments: (args) => args, arity: run.length };
}

/** A host that keeps what it is asked to build. */
class Bench {
  readonly drafts: MessageDraft[] = [];
  readonly followUps: FollowUp[] = [];
  readonly states: StateUpdate[] = [];
  readonly clock = new FakeClock();
  readonly hooks = new Hooks();
  readonly serializers = new SerializerRegistry();
  readonly #tasks = new Map<string, TaskDefinition>();

  add(...definitions: TaskDefinition[]): this {
    for (const definition of definitions) this.#tasks.set(definition.name, definition);
    return this;
  }

  get host(): ExecutionHost {
    const message = {
      exchange: "",
      routingKey: "q",
      body: "",
      contentType: "application/json",
      contentEncoding: "utf-8",
      headers: {},
      properties: {},
    };
    return {
      tasks: { get: (name) => this.#tasks.get(name), names: () => this.#tasks.keys() },
      hooks: this.hooks,
      serializers: this.serializers,
      accept: this.serializers.acceptList(["json"]),
      settings: { resultExtended: false, taskInheritParentPriority: false, workerDeduplicateSuccessfulTasks: false },
      clock: this.clock,
      logger: silentLogger,
      hostname: "celery@test",
      buildMessage: (draft) => {
        this.drafts.push(draft);
        return { ...message, headers: { retries: draft.headers.retries } };
      },
      buildFollowUp: (followUp) => {
        this.followUps.push(followUp);
        return {
          messages: [{ ...message, headers: { task: followUp.signature.task } }],
          child: [[`${followUp.signature.task}-id`, null], null],
        };
      },
      encodeMeta: (meta) => encodeResultMeta(meta, this.serializers),
    };
  }

  run(
    task: string,
    args: readonly unknown[] = [],
    headers: Partial<TaskHeaders> = {},
    embed: Partial<TaskEmbed> = {},
  ): ExecutionOutcome | Promise<ExecutionOutcome> {
    return this.runBody(JSON.stringify([args, {}, { ...emptyEmbed, ...embed }]), task, headers);
  }

  /** The request that this task would come with. */
  request(task: string, headers: Partial<TaskHeaders> = {}): ExecutionRequest {
    return {
      headers: { ...emptyHeaders, task, id: "id-1", ...headers },
      delivery: { queue: "q", exchange: "", routingKey: "q", priority: null, redelivered: false },
      correlationId: "id-1",
      replyTo: null,
      contentType: "application/json",
      contentEncoding: "utf-8",
      compression: null,
      protocol: 2,
      wantsRepr: true,
    };
  }

  runBody(body: string, task: string, headers: Partial<TaskHeaders> = {}): ExecutionOutcome | Promise<ExecutionOutcome> {
    const control = { signal: new AbortController().signal, onState: (update: StateUpdate) => void this.states.push(update) };
    return createExecutor(this.host).execute(this.request(task, headers), body, control);
  }
}

function documentOf(outcome: ExecutionOutcome): Record<string, unknown> {
  return JSON.parse(String(outcome.document)) as Record<string, unknown>;
}

function signature(task: string, options: Record<string, unknown> = {}): SignatureRecord {
  return { task, args: [], kwargs: {}, options, subtask_type: null, immutable: false };
}

class FlakyError extends Error {}

describe("a task that succeeds", () => {
  it("ends in the same turn when its body is synchronous", () => {
    const bench = new Bench().add(define("add", (x: number, y: number) => x + y));
    const outcome = bench.run("add", [2, 3]) as ExecutionOutcome;
    expect(outcome).toMatchObject({ state: "SUCCESS", repr: "5" });
    expect(documentOf(outcome)).toMatchObject({ status: "SUCCESS", result: 5, task_id: "id-1", traceback: null });
  });

  it("has its context as this and as currentTask(), below an await too", async () => {
    const seen: unknown[] = [];
    const bench = new Bench().add(
      define("who", async function () {
        seen.push(this === currentTask());
        await Promise.resolve();
        seen.push(currentTask()?.request.id);
      }),
    );
    await bench.run("who");
    expect(seen).toEqual([true, "id-1"]);
    expect(currentTask()).toBeUndefined();
  });

  it("stores no document where results are ignored, by the call before the task", async () => {
    const bench = new Bench().add(define("quiet", () => 1, { ignoreResult: true }));
    expect((await bench.run("quiet")).document).toBeUndefined();
    expect((await bench.run("quiet", [], { ignoreResult: false })).document).toBeDefined();
  });

  it("builds its callbacks and the next of the chain with its result, and names them as children", async () => {
    const bench = new Bench().add(define("one", () => 7));
    const outcome = await bench.run(
      "one",
      [],
      { rootId: "root" },
      { callbacks: [signature("cb")], chain: [signature("last"), signature("next")] },
    );
    expect(bench.followUps).toMatchObject([
      { signature: { task: "cb" }, args: [7], chain: null, parentId: "id-1", rootId: "root" },
      { signature: { task: "next" }, args: [7], chain: [{ task: "last" }] },
    ]);
    expect(outcome.messages).toHaveLength(2);
    expect(documentOf(outcome)["children"]).toEqual([
      [["cb-id", null], null],
      [["next-id", null], null],
    ]);
  });

  it("stores STARTED and states of its own in order", async () => {
    const bench = new Bench().add(
      define(
        "steps",
        function () {
          this.progress({ done: 1 });
        },
        { trackStarted: true },
      ),
    );
    await bench.run("steps");
    expect(bench.states.map((update) => update.status)).toEqual(["STARTED", "PROGRESS"]);
    expect(JSON.parse(String(bench.states[1]?.document))).toMatchObject({ status: "PROGRESS", result: { done: 1 }, date_done: null });
  });
});

describe("a task that fails", () => {
  it("stores the error by name and message, with its traceback", async () => {
    const bench = new Bench().add(
      define("boom", () => {
        throw new TypeError("no");
      }),
    );
    const outcome = await bench.run("boom");
    expect(outcome).toMatchObject({ state: "FAILURE", repr: "TypeError('no')", expected: false });
    expect(documentOf(outcome)).toMatchObject({
      status: "FAILURE",
      result: { exc_type: "TypeError", exc_message: ["no"], exc_module: "builtins" },
    });
    expect(outcome.traceback).toContain("TypeError: no");
  });

  it("fails where its result cannot be written, and sends no callback", async () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    const bench = new Bench().add(define("circle", () => circle));
    const outcome = await bench.run("circle", [], {}, { callbacks: [signature("cb")] });
    expect(outcome.state).toBe("FAILURE");
    expect(outcome.messages).toBeUndefined();
    expect(documentOf(outcome)).toMatchObject({ children: [] });
  });

  it("writes an error that points at itself", async () => {
    const bench = new Bench().add(
      define("loop", () => {
        const error = new Error("round") as Error & { self?: unknown };
        error.self = error;
        error.cause = error;
        throw error;
      }),
    );
    expect(documentOf(await bench.run("loop"))).toMatchObject({ result: { exc_message: ["round"] } });
  });

  it("calls an errback of two and more parameters in place, and sends the others with its id", async () => {
    const calls: unknown[] = [];
    const bench = new Bench().add(
      define("boom", () => {
        throw new FlakyError("no");
      }),
      define("inline", (request: { id: string }, error: Error, _traceback: string) => void calls.push([request.id, error.message])),
    );
    const outcome = await bench.run("boom", [], {}, { errbacks: [signature("inline"), signature("elsewhere")] });
    expect(calls).toEqual([["id-1", "no"]]);
    expect(bench.followUps).toMatchObject([{ signature: { task: "elsewhere" }, args: ["id-1"] }]);
    expect(outcome.messages).toHaveLength(1);
  });

  it("gives the rest of its chain the same failure", async () => {
    const bench = new Bench().add(
      define("boom", () => {
        throw new FlakyError("no");
      }),
    );
    const outcome = await bench.run("boom", [], {}, { chain: [signature("c", { task_id: "id-3" }), signature("b", { task_id: "id-2" })] });
    expect(outcome.alsoFailed?.map((failed) => failed.taskId)).toEqual(["id-3", "id-2"]);
    expect(JSON.parse(String(outcome.alsoFailed?.[0]?.document))).toMatchObject({
      status: "FAILURE",
      task_id: "id-3",
      result: { exc_type: "FlakyError" },
    });
  });

  it("is told apart where the error was expected", async () => {
    const bench = new Bench().add(
      define(
        "polite",
        () => {
          throw new FlakyError("no");
        },
        { throws: [FlakyError] },
      ),
    );
    expect(await bench.run("polite")).toMatchObject({ state: "FAILURE", expected: true });
  });

  it("is not known here: says which task it may have meant", async () => {
    const outcome = await new Bench().add(define("shop.add", () => 1)).run("shop.ad");
    expect(outcome).toMatchObject({ state: "FAILURE", unknown: true });
    expect(documentOf(outcome)).toMatchObject({ result: { exc_type: "NotRegistered" } });
    expect(outcome.traceback).toContain('did you mean "shop.add"');
  });
});

describe("a task that is retried", () => {
  const flaky = (options: Partial<ExecutionOptions>): TaskDefinition =>
    define(
      "flaky",
      () => {
        throw new FlakyError("again");
      },
      options,
    );
  const policy = {
    for: [FlakyError],
    except: [],
    backoffSeconds: null,
    backoffMaxSeconds: 600,
    jitter: false,
    countdownSeconds: 10,
    maxRetries: undefined,
  };

  it("sends the same call again with one retry more, later", async () => {
    const bench = new Bench().add(flaky({ autoretry: policy }));
    const outcome = await bench.run("flaky", [1], { retries: 1, custom: { mine: 1, redelivered: true } });
    expect(outcome).toMatchObject({ state: "RETRY", retryIn: 10, repr: "FlakyError('again')" });
    expect(bench.drafts).toMatchObject([
      {
        headers: { id: "id-1", retries: 2, rootId: "id-1", eta: "2026-01-01T00:00:10.000000+00:00", custom: { mine: 1 } },
        payload: { args: [1] },
        queue: "q",
      },
    ]);
    expect(bench.drafts[0]?.headers.custom).not.toHaveProperty("redelivered");
    expect(documentOf(outcome)).toMatchObject({ status: "RETRY", date_done: null });
  });

  it("fails with its own error when no try is left", async () => {
    const bench = new Bench().add(flaky({ autoretry: policy }));
    expect(await bench.run("flaky", [], { retries: 3 })).toMatchObject({ state: "FAILURE", repr: "FlakyError('again')" });
    expect(bench.drafts).toEqual([]);
  });

  it("waits longer each time with backoff, up to the limit", async () => {
    const bench = new Bench().add(flaky({ maxRetries: null, autoretry: { ...policy, backoffSeconds: 2, backoffMaxSeconds: 60 } }));
    const waits: (number | undefined)[] = [];
    for (const retries of [0, 1, 4, 9]) waits.push((await bench.run("flaky", [], { retries })).retryIn);
    expect(waits).toEqual([2, 4, 32, 60]);
  });

  it("is retried by hand, with MaxRetriesExceededError at the end", async () => {
    const bench = new Bench().add(
      define("hand", function () {
        throw this.retry({ countdown: 0 });
      }),
    );
    expect(await bench.run("hand")).toMatchObject({ state: "RETRY", retryIn: 0 });
    expect(bench.drafts[0]?.headers.eta).toBeNull();
    expect(await bench.run("hand", [], { retries: 3 })).toMatchObject({
      state: "FAILURE",
      repr: expect.stringContaining("MaxRetriesExceededError") as string,
    });
  });
});

describe("a task that ends otherwise", () => {
  it("stores nothing when it is ignored", async () => {
    const bench = new Bench().add(
      define("skip", () => {
        throw new Ignore();
      }),
    );
    expect(await bench.run("skip")).toEqual({ state: "IGNORED", runtime: 0 });
  });

  it("is rejected: stored as a failure unless it goes back to its queue", async () => {
    const bench = new Bench().add(
      define("no", (again: boolean) => {
        throw new Reject("not mine", again);
      }),
    );
    expect(await bench.run("no", [true])).toMatchObject({ state: "REJECTED", requeue: true });
    expect(documentOf(await bench.run("no", [false]))).toMatchObject({ status: "FAILURE", result: { exc_type: "Reject" } });
  });

  it("does not run after it expired", async () => {
    let ran = false;
    const bench = new Bench().add(define("late", () => (ran = true)));
    const outcome = await bench.run("late", [], { expires: "2025-12-31T23:59:59+00:00" });
    expect(outcome.state).toBe("REVOKED");
    expect(documentOf(outcome)).toMatchObject({ status: "REVOKED", result: { exc_type: "TaskRevokedError", exc_message: ["expired"] } });
    expect(ran).toBe(false);
  });

  it("stores nothing of an expired or malformed run when it is ignored, unless errors are stored even so", async () => {
    const bench = new Bench().add(
      define("quiet", () => 1, { ignoreResult: true }),
      define("loud", () => 1, { ignoreResult: true, storeErrorsEvenIfIgnored: true }),
    );
    const expires = "2025-12-31T23:59:59+00:00";
    expect((await bench.run("quiet", [], { expires })).document).toBeUndefined();
    expect(documentOf(await bench.run("loud", [], { expires }))).toMatchObject({ status: "REVOKED" });
    expect((await bench.runBody("[1, 2", "quiet")).document).toBeUndefined();
    expect(documentOf(await bench.runBody("[1, 2", "loud"))).toMatchObject({ status: "FAILURE" });
  });
  it("says how long a retry waits, also where the time of the next try was given", async () => {
    const bench = new Bench();
    bench.add(
      define("later", function () {
        throw this.retry({ eta: new Date(bench.clock.now() + 90_000) });
      }),
    );
    expect(await bench.run("later")).toMatchObject({ state: "RETRY", retryIn: 90 });
  });
  it("is malformed where its body cannot be read", async () => {
    const bench = new Bench().add(define("add", () => 1));
    expect(await bench.runBody("[1, 2", "add")).toMatchObject({ state: "REJECTED", malformed: true, requeue: false });
  });
});

describe("handlers and hooks", () => {
  it("are told of the start and of the end, and change nothing when they throw", async () => {
    const told: string[] = [];
    const bench = new Bench().add(
      define(
        "add",
        (x: number) => x + 1,
        {},
        {
          beforeStart: () => void told.push("beforeStart"),
          onSuccess: (result) => {
            told.push(`onSuccess ${String(result)}`);
            throw new Error("handler");
          },
          afterReturn: (state) => void told.push(`afterReturn ${state}`),
        },
      ),
    );
    for (const name of ["taskPrerun", "taskSuccess", "taskPostrun"] as const) bench.hooks.on(name, () => void told.push(name));
    expect(await bench.run("add", [1])).toMatchObject({ state: "SUCCESS" });
    expect(told).toEqual(["taskPrerun", "beforeStart", "onSuccess 2", "taskSuccess", "afterReturn SUCCESS", "taskPostrun"]);
  });

  it("are told of a replacement before it is sent", async () => {
    const told: string[] = [];
    const bench = new Bench();
    const onReplace = async ({ task }: SignatureRecord): Promise<void> => {
      await Promise.resolve();
      told.push(`${task}, ${bench.followUps.length} built`);
    };
    bench.add(
      define(
        "outer",
        function () {
          throw this.replace(signature("inner"));
        },
        {},
        { onReplace },
      ),
    );
    expect(await bench.run("outer")).toMatchObject({ state: "IGNORED" });
    expect([told, bench.followUps.length]).toEqual([["inner, 0 built"], 1]);
  });
  it("pair a taskPostrun with each taskPrerun: what is ended without being run has neither", async () => {
    const told: string[] = [];
    const refusing = define("refuses", () => 1);
    const bench = new Bench().add(
      define("add", (x: number) => x + 1, {}, { afterReturn: (state) => void told.push(`afterReturn ${state}`) }),
      {
        ...refusing,
        bindArguments: () => {
          throw new Error("bad arguments");
        },
      },
    );
    for (const name of ["taskPrerun", "taskFailure", "taskPostrun"] as const) bench.hooks.on(name, () => void told.push(name));
    await endWithoutRunning(bench.host, bench.request("add"), "[[1],{},null]", { kind: "expired" });
    expect(told).toEqual([]);
    await endWithoutRunning(bench.host, bench.request("add"), "[[1],{},null]", { kind: "failure", error: new Error("lost") });
    expect(told.splice(0)).toEqual(["taskFailure", "afterReturn FAILURE"]);
    await bench.run("refuses");
    expect(told).toEqual(["taskFailure"]);
  });
});
