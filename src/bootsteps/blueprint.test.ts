import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WorkerError } from "../errors/celeriac-error.ts";
import { createDeferred } from "../util/deferred.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { Blueprint } from "./blueprint.ts";
import type { Step } from "./step.ts";
import { toDot } from "./to-dot.ts";

interface Diary {
  readonly lines: string[];
}

/** A step that writes down what is done with it. */
function diarist(name: string, options: Partial<Step<Diary>> = {}): Step<Diary> {
  const writes = (what: string) => (diary: Diary) => void diary.lines.push(`${what} ${name}`);
  return {
    name,
    init: writes("init"),
    create: writes("create"),
    start: writes("start"),
    stop: writes("stop"),
    close: writes("close"),
    terminate: writes("terminate"),
    ...options,
  };
}

function blueprintOf(
  steps: readonly Step<Diary>[],
  logger: Logger = silentLogger,
): { readonly blueprint: Blueprint<Diary>; readonly diary: Diary } {
  return { blueprint: new Blueprint({ name: "test", steps, logger }), diary: { lines: [] } };
}

function linesOf(diary: Diary, ...kinds: readonly string[]): string[] {
  return diary.lines.filter((line) => kinds.some((kind) => line.startsWith(kind)));
}

const codeOf = async (call: () => unknown): Promise<string> => {
  try {
    await call();
    return "none";
  } catch (error) {
    return error instanceof WorkerError ? error.code : String(error);
  }
};

describe("a blueprint", () => {
  it("initialises, creates and starts in order, closes forward and stops in reverse", async () => {
    const { blueprint, diary } = blueprintOf([diarist("b", { requires: ["a"] }), diarist("a"), diarist("c", { requires: ["b"] })]);
    await blueprint.start(diary);
    expect(blueprint.state).toBe("running");
    expect(diary.lines).toEqual(["init a", "init b", "init c", "create a", "create b", "create c", "start a", "start b", "start c"]);
    diary.lines.length = 0;
    await blueprint.stop(diary);
    expect(diary.lines).toEqual(["close a", "close b", "close c", "stop c", "stop b", "stop a"]);
    expect(blueprint.state).toBe("stopped");
    await blueprint.join();
  });
  it("puts the last step after all others", async () => {
    const { blueprint, diary } = blueprintOf([diarist("loop", { last: true }), diarist("a"), diarist("b")]);
    await blueprint.start(diary);
    expect(linesOf(diary, "start")).toEqual(["start a", "start b", "start loop"]);
    await blueprint.stop(diary);
  });
  it("only initialises a step that is not enabled", async () => {
    const { blueprint, diary } = blueprintOf([diarist("a", { enabled: () => false }), diarist("b", { requires: ["a"] })]);
    await blueprint.start(diary);
    await blueprint.stop(diary);
    expect(diary.lines.filter((line) => line.endsWith("a"))).toEqual(["init a"]);
    expect(blueprint.steps.map((step) => step.name)).toEqual(["a", "b"]);
  });
  it("awaits each step before the next", async () => {
    const gate = createDeferred();
    const reached = createDeferred();
    const slow = diarist("a", {
      start: async (diary) => {
        reached.resolve();
        await gate.promise;
        diary.lines.push("start a");
      },
    });
    const { blueprint, diary } = blueprintOf([slow, diarist("b")]);
    const started = blueprint.start(diary);
    await reached.promise;
    expect(linesOf(diary, "start")).toEqual([]);
    gate.resolve();
    await started;
    expect(linesOf(diary, "start")).toEqual(["start a", "start b"]);
    await blueprint.stop(diary);
  });
  it("terminates in reverse, by stopping where a step has no terminate of its own", async () => {
    const { terminate: _, ...plain } = diarist("b");
    const { blueprint, diary } = blueprintOf([diarist("a"), plain]);
    await blueprint.start(diary);
    await blueprint.terminate(diary);
    expect(linesOf(diary, "close", "stop", "terminate")).toEqual(["stop b", "terminate a"]);
  });
  it("ends the rest at once when a termination comes during a stop", async () => {
    const [reached, gate] = [createDeferred(), createDeferred()];
    const slow = diarist("b", {
      stop: async () => {
        reached.resolve();
        await gate.promise;
      },
    });
    const { blueprint, diary } = blueprintOf([diarist("a"), slow]);
    await blueprint.start(diary);
    const stopped = blueprint.stop(diary);
    await reached.promise;
    const terminated = blueprint.terminate(diary);
    expect(blueprint.state).toBe("terminating");
    gate.resolve();
    await Promise.all([stopped, terminated]);
    expect(linesOf(diary, "stop", "terminate")).toEqual(["terminate a"]);
  });
  it("logs what is thrown while it ends, and ends the others", async () => {
    const lines: unknown[] = [];
    const logger = { ...silentLogger, error: (_: object, message?: string) => void lines.push(message) };
    const fails = (): never => {
      throw new Error("no");
    };
    const { blueprint, diary } = blueprintOf(
      [diarist("a"), diarist("b", { stop: fails, close: async () => fails() }), diarist("c")],
      logger,
    );
    await blueprint.start(diary);
    await blueprint.stop(diary);
    expect(linesOf(diary, "close", "stop")).toEqual(["close a", "close c", "stop c", "stop a"]);
    expect(lines).toEqual(["the step b threw at close", "the step b threw at stop"]);
  });
  it("stops what was started when a start throws, and throws it on", async () => {
    const fails = diarist("b", {
      start: () => {
        throw new Error("port in use");
      },
    });
    const { blueprint, diary } = blueprintOf([diarist("a"), fails, diarist("c")]);
    await expect(blueprint.start(diary)).rejects.toThrow("port in use");
    expect(linesOf(diary, "start", "stop")).toEqual(["start a", "stop b", "stop a"]);
    expect(blueprint.state).toBe("stopped");
    await blueprint.join();
    expect(await codeOf(() => blueprint.start(diary))).toBe("CELERIAC_BOOTSTEP_INVALID");
  });
  it("restarts by stopping in reverse and starting again, without closing or creating", async () => {
    const { blueprint, diary } = blueprintOf([diarist("a"), diarist("b")]);
    await blueprint.start(diary);
    diary.lines.length = 0;
    await blueprint.restart(diary);
    expect(diary.lines).toEqual(["stop b", "stop a", "start a", "start b"]);
    await blueprint.stop(diary);
  });
  it("can be restarted again after a restart that threw, and starts by a restart", async () => {
    let failures = 2;
    const flaky = diarist("b", {
      start: (diary) => {
        if (failures-- > 0) throw new Error("connection lost");
        diary.lines.push("start b");
      },
    });
    const { blueprint, diary } = blueprintOf([diarist("a"), flaky]);
    await expect(blueprint.restart(diary)).rejects.toThrow("connection lost");
    await expect(blueprint.restart(diary)).rejects.toThrow("connection lost");
    expect(blueprint.state).toBe("running");
    await blueprint.restart(diary);
    expect(linesOf(diary, "create", "start", "stop")).toEqual([
      "create a",
      "create b",
      "start a",
      "stop b",
      "stop a",
      "start a",
      "stop b",
      "stop a",
      "start a",
      "start b",
    ]);
    await blueprint.stop(diary);
  });
  it("starts no further step when it is stopped while one is starting, and stops those that were", async () => {
    const [reached, gate] = [createDeferred(), createDeferred()];
    const slow = diarist("b", {
      start: async () => {
        reached.resolve();
        await gate.promise;
      },
    });
    const { blueprint, diary } = blueprintOf([diarist("a"), slow, diarist("c")]);
    const started = blueprint.start(diary);
    await reached.promise;
    const stopped = blueprint.stop(diary);
    gate.resolve();
    await Promise.all([started, stopped]);
    expect(linesOf(diary, "start", "stop")).toEqual(["start a", "stop b", "stop a"]);
  });
  it("tells a step that is starting when it is to end", async () => {
    const reached = createDeferred();
    const waits = diarist("a", {
      start: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          reached.resolve();
        }),
    });
    const { blueprint, diary } = blueprintOf([waits]);
    const started = blueprint.start(diary);
    await reached.promise;
    await blueprint.stop(diary);
    await started;
    expect(linesOf(diary, "stop")).toEqual(["stop a"]);
  });
  it("can be stopped before it was started, and twice", async () => {
    const { blueprint, diary } = blueprintOf([diarist("a")]);
    await Promise.all([blueprint.stop(diary), blueprint.stop(diary)]);
    await blueprint.terminate(diary);
    expect(diary.lines).toEqual([]);
    expect(await codeOf(() => blueprint.start(diary))).toBe("CELERIAC_BOOTSTEP_INVALID");
  });
  it("tells what its steps tell of themselves", async () => {
    const { blueprint, diary } = blueprintOf([
      diarist("a", { info: () => ({ size: 3 }) }),
      diarist("b", { info: () => undefined }),
      diarist("c"),
    ]);
    await blueprint.start(diary);
    expect(blueprint.info(diary)).toEqual({ a: { size: 3 } });
    await blueprint.stop(diary);
  });
});

describe("the steps of a blueprint", () => {
  it("are added, replaced by name and removed before it is built", async () => {
    const { blueprint, diary } = blueprintOf([diarist("a"), diarist("b", { requires: ["a"] }), diarist("c")]);
    blueprint.add(diarist("c", { start: (d) => void d.lines.push("start another c") }));
    blueprint.replace("a", diarist("z"));
    blueprint.add(diarist("d"));
    expect(blueprint.remove("d")).toBe(true);
    expect(blueprint.remove("d")).toBe(false);
    expect(await codeOf(() => blueprint.replace("nobody", diarist("x")))).toBe("CELERIAC_BOOTSTEP_INVALID");
    await blueprint.start(diary);
    expect(linesOf(diary, "start")).toEqual(["start z", "start b", "start another c"]);
    expect(await codeOf(() => blueprint.add(diarist("e")))).toBe("CELERIAC_BOOTSTEP_INVALID");
    await blueprint.stop(diary);
  });
  it("are refused where one requires another that is not there", async () => {
    const { blueprint, diary } = blueprintOf([diarist("Pool"), diarist("b", { requires: ["pool"] })]);
    const refused = await blueprint.start(diary).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(WorkerError);
    expect(refused).toMatchObject({ code: "CELERIAC_BOOTSTEP_UNKNOWN", message: expect.stringContaining("did you mean Pool?") });
    expect(blueprint.state).toBe("stopped");
  });
  it("are refused where they require each other in a circle", async () => {
    const { blueprint, diary } = blueprintOf([
      diarist("a", { requires: ["b"] }),
      diarist("b", { requires: ["c"] }),
      diarist("c", { requires: ["a"] }),
    ]);
    await expect(blueprint.start(diary)).rejects.toThrow("a -> b -> c -> a");
  });
  it("are refused where two are last, or one comes after the last", async () => {
    const two = blueprintOf([diarist("a", { last: true }), diarist("b", { last: true })]);
    expect(await codeOf(() => two.blueprint.start(two.diary))).toBe("CELERIAC_BOOTSTEP_INVALID");
    const after = blueprintOf([diarist("a", { last: true }), diarist("b", { requires: ["a"] })]);
    expect(await codeOf(() => after.blueprint.start(after.diary))).toBe("CELERIAC_BOOTSTEP_CYCLE");
  });
  it("are ordered by what they require in any graph without a circle", async () => {
    const graphs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(graphs, fc.infiniteStream(fc.nat()), async (requirements, shuffle) => {
        // A step requires only steps of a lower number, so that there is no circle; the order in which they are added is drawn.
        const steps = requirements.map((required, i) => diarist(`s${i}`, { requires: i === 0 ? [] : required.map((n) => `s${n % i}`) }));
        const drawn = steps.map((step) => ({ step, at: shuffle.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        const { blueprint, diary } = blueprintOf(drawn.map(({ step }) => step));
        await blueprint.start(diary);
        const started = linesOf(diary, "start").map((line) => line.slice(6));
        expect(started).toHaveLength(steps.length);
        for (const step of steps)
          for (const required of step.requires ?? []) expect(started.indexOf(required)).toBeLessThan(started.indexOf(step.name));
        await blueprint.stop(diary);
        expect(linesOf(diary, "stop").map((line) => line.slice(5))).toEqual(started.toReversed());
      }),
      { numRuns: 100 },
    );
  });
  it("are refused in any graph to which a circle was added", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (length) => {
        const steps = Array.from({ length }, (_, i) => diarist(`s${i}`, { requires: [`s${(i + 1) % length}`] }));
        const { blueprint, diary } = blueprintOf([diarist("free"), ...steps]);
        expect(await codeOf(() => blueprint.start(diary))).toBe("CELERIAC_BOOTSTEP_CYCLE");
        expect(linesOf(diary, "start")).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("starting and stopping at random", () => {
  it("never leaves a step started, stops none that was not or is still starting, and always ends", async () => {
    const calls = fc.array(fc.constantFrom("start", "restart", "stop", "terminate", "turn"), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(calls, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), async (script, failures) => {
        const [running, starting] = [new Set<string>(), new Set<string>()];
        const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
        let step = 0;
        const fallible = (name: string): Step<object> => ({
          name,
          start: async () => {
            expect(running.has(name)).toBe(false);
            running.add(name);
            starting.add(name);
            await turn();
            starting.delete(name);
            if (failures[step++ % 40] && failures[step % 40]) throw new Error("start failed");
          },
          stop: async () => {
            expect([running.has(name), starting.has(name)]).toEqual([true, false]);
            await turn();
            running.delete(name);
          },
        });
        const logged: unknown[] = [];
        const logger = { ...silentLogger, error: (fields: object) => void logged.push(fields) };
        const blueprint = new Blueprint<object>({ name: "random", steps: ["a", "b", "c"].map(fallible), logger });
        const under: Promise<unknown>[] = [];
        for (const call of script) {
          if (call === "turn") await turn();
          else under.push(Promise.resolve(blueprint[call as "start"]({})).catch((error: unknown) => error));
        }
        under.push(blueprint.stop({}));
        const outcomes = await Promise.all(under);
        for (const error of outcomes) if (error !== undefined) expect(String(error)).toMatch(/start failed|cannot be/);
        await blueprint.join();
        expect(blueprint.state).toBe("stopped");
        expect([...running]).toEqual([]);
        expect(logged).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the drawing of blueprints", () => {
  it("has marks, an arrow to each requirement, and joins the worker's and the consumer's", () => {
    const worker = {
      name: "worker",
      steps: [{ name: "Timer" }, { name: "Beat", conditional: true, requires: ["Timer"] }, { name: "Consumer", last: true }],
    };
    const consumer = { name: "consumer", steps: [{ name: "Connection" }, { name: "Evloop", label: 'event "loop"', last: true }] };
    expect(toDot([worker, consumer])).toBe(
      `${[
        "digraph dependencies {",
        '  rankdir="LR"',
        '  node [style="filled", fontname="HelveticaNeue", fillcolor="palegreen3", color="palegreen4"]',
        '  "worker.Timer" [label="Timer", shape="box"]',
        '  "worker.Beat" [label="∘Beat", shape="box"]',
        '  "worker.Consumer" [label="⧉Consumer", shape="ellipse"]',
        '  "consumer.Connection" [label="Connection", shape="box"]',
        '  "consumer.Evloop" [label="⧉event \\"loop\\"", shape="ellipse"]',
        '  "worker.Beat" -> "worker.Timer"',
        '  "worker.Consumer" -> "worker.Timer"',
        '  "worker.Consumer" -> "worker.Beat"',
        '  "consumer.Evloop" -> "consumer.Connection"',
        '  "consumer.Connection" -> "worker.Consumer"',
        "}",
      ].join("\n")}\n`,
    );
  });
});
