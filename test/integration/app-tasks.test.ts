// Defining tasks in every form, and calling them as the functions that they are.
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { CeleriacApp } from "../../src/app/celeriac.ts";
import { sharedTask } from "../../src/app/shared-tasks.ts";
import { currentTask } from "../../src/execution/current-task.ts";
import { Task } from "../../src/task/class-task.ts";
import { bodyOf, take, testApp } from "../support/app.ts";

describe("app.task", () => {
  it("tells a task's handler onBound of its app, once, and throws what it throws", () => {
    const app = testApp();
    const bound: string[] = [];
    const options = { onBound: (to: CeleriacApp) => void bound.push(`${to.name} ${to.conf.taskDefaultQueue}`) };
    const fn = (x: number): number => x;
    app.task("told", options, fn);
    app.task("told", options, fn);
    expect(bound).toEqual(["shop celery"]);
    const refuse = (): never => {
      throw new RangeError("not here");
    };
    expect(() => app.task("refuses", { onBound: refuse }, (x: number) => x)).toThrow(new RangeError("not here"));
    class Counting extends Task {
      override readonly name = "counting";
      count = 0;
      onBound(): void {
        this.count = 41;
      }
      run(): number {
        return ++this.count;
      }
    }
    expect(app.registerTask(Counting)()).toBe(42);
  });

  it("takes a name, options, both or neither", () => {
    const app = testApp();
    function double(x: number): number {
      return 2 * x;
    }
    function triple(x: number): number {
      return 3 * x;
    }
    expect(app.task("a.b", (x: number) => x).name).toBe("a.b");
    expect(app.task("a.c", { maxRetries: 9 }, (x: number) => x).name).toBe("a.c");
    expect(app.task(double).name).toBe("shop.double");
    expect(app.task({ maxRetries: 7 }, triple).name).toBe("shop.triple");
    expect(app.tasks.get("a.c")?.options.maxRetries).toBe(9);
    expect(app.tasks.get("shop.triple")?.options.maxRetries).toBe(7);
    expect([...app.tasks.names()]).toEqual(["a.b", "a.c", "shop.double", "shop.triple"]);
  });

  it("gives a function with the task's name and the context as this", () => {
    const app = testApp();
    const seen: unknown[] = [];
    const add = app.task("shop.add", function (x: number, y: number) {
      seen.push(this.request.calledDirectly, this.request.task, this.request.args, currentTask() === this, this.signal.aborted);
      this.progress({ half: true });
      return x + y;
    });
    expect(add(2, 3)).toBe(5);
    expect(seen).toEqual([true, "shop.add", [2, 3], true, false]);
    expect(currentTask()).toBeUndefined();
  });

  it("throws the original error where a task that was called directly asks for a retry", () => {
    const app = testApp();
    const task = app.task("t", function () {
      throw this.retry({ exc: new RangeError("why") });
    });
    expect(() => task()).toThrow(new RangeError("why"));
    expect(() => task.retry()).toThrow("t.retry() works only inside a running task");
  });

  it("is the same task for the same function and name, and refuses another of that name", () => {
    const app = testApp();
    const fn = (x: number): number => x;
    expect(app.task("same", fn)).toBe(app.task("same", fn));
    expect(() => app.task("same", (x: number) => x)).toThrow('a task called "same" is already registered on this app');
  });

  it("refuses a function without a name, no function, and options that cannot be", () => {
    const app = testApp();
    const fn = (x: number): number => x;
    expect(() => app.task((x: number) => x)).toThrow("expected the function to have a name");
    expect(() => app.task("x", {} as never)).toThrow("expected app.task(name?, options?, function)");
    expect(() => app.task("x", { maxRetrys: 1 } as never, fn)).toThrow("there is no such option; did you mean maxRetries?");
    expect(() => app.task("x", { timeLimit: "30" as never }, fn)).toThrow(
      'the option timeLimit of task x is wrong: expected seconds or a text such as "10s", got: "30"',
    );
    expect(() => app.task("x", { rateLimit: "often" }, fn)).toThrow("expected a rate such as");
    const wrong = app.task("soft", { timeLimit: 1, softTimeLimit: 2 }, fn);
    return expect(wrong.delay(1)).rejects.toThrow("expected it to be at most timeLimit (1 s), got: 2 s");
  });

  it("takes its defaults from the settings at first use, and annotations over its own options", () => {
    const app = testApp({
      taskAnnotations: [
        { "*": { rateLimit: "10/s" }, a: { maxRetries: 1 } },
        { annotate: ({ name }) => (name === "a" ? { priority: 8 } : null) },
      ],
    });
    app.task("a", { maxRetries: 5 }, (x: number) => x);
    app.task("b", (x: number) => x);
    app.configure({ taskTrackStarted: true });
    expect(app.tasks.get("a")?.options).toMatchObject({
      maxRetries: 1,
      rateLimit: "10/s",
      priority: 8,
      trackStarted: true,
      acksLate: true,
      rejectOnWorkerLost: true,
    });
    expect(app.tasks.get("b")?.options).toMatchObject({ maxRetries: 3, rateLimit: "10/s", priority: null });
    app.configure({ taskTrackStarted: false });
    expect(app.tasks.get("b")?.options.trackStarted).toBe(false);
  });

  it("has Celery's own defaults with celeryDefaults", () => {
    const app = testApp({ celeryDefaults: true });
    app.task("a", (x: number) => x);
    expect(app.tasks.get("a")?.options).toMatchObject({ acksLate: false, rejectOnWorkerLost: false });
    expect(app.connections.backendUrl()).toBeNull();
  });

  it("names the nearest task where one is not registered", () => {
    const app = testApp();
    app.task("shop.charge", (x: number) => x);
    expect(() => app.tasks.find("shop.chagre")).toThrow('no task is registered as "shop.chagre"; did you mean "shop.charge"?');
  });
});

describe("arguments", () => {
  it("of a wrong number are refused before they are sent", async () => {
    const app = testApp();
    const add = app.task("add", { params: ["x", "y", "z?"] }, (x: number, y: number, z?: number) => x + y + (z ?? 0));
    await expect(add.applyAsync([1] as never)).rejects.toThrow(
      "the arguments of task add are wrong: expected 2 arguments (x, y), missing: y",
    );
    await expect(add.applyAsync([1, 2, 3, 4] as never)).rejects.toThrow("expected at most 3 arguments (x, y, z), got 4");
    await add.delay(1, 2);
    await add.applyAsync([], { kwargs: { x: 1, y: 2 } });
    await expect(add.applyAsync([], { kwargs: { x: 1 } })).rejects.toThrow("missing: y");
    await expect(add.applyAsync([], { kwargs: { x: 1, yy: 2 } })).rejects.toThrow('there is no parameter "yy"; did you mean y?');
    await expect(add.applyAsync([1] as never, { kwargs: { x: 1, y: 2 } })).rejects.toThrow("the parameter x was given twice");
    const loose = app.task("loose", { typing: false }, (x: number) => x);
    await loose.applyAsync([1, 2] as never);
    await app.sendTask("add", [1]);
    expect(await (await app.connections.broker("read")).queueInfo("celery")).toMatchObject({ messages: 4 });
  });

  it("are validated by any Standard Schema, with the path of the bad field, before they are sent and where they are used", async () => {
    const app = testApp();
    const order = app.task(
      "order",
      { schema: v.object({ items: v.array(v.object({ qty: v.pipe(v.unknown(), v.transform(Number), v.number()) })) }) },
      (o: { items: { qty: number }[] }) => o,
    );
    await expect(order.delay({ items: [{ qty: "x" }] } as never)).rejects.toThrow(/argument 1 at items\[0\]\.qty: /);
    const definition = app.tasks.find("order");
    expect(definition.bindArguments([{ items: [{ qty: "3" }] }], {})).toEqual([{ items: [{ qty: 3 }] }]);
    expect(definition.bindArguments([], { items: [] })).toEqual([{ items: [] }]);
    const two = app.task(
      "two",
      { params: ["n", "s"], schema: [z.number(), z.string().refine(async (s) => Promise.resolve(s !== "bad"))] },
      (n: number, s: string) => `${n}${s}`,
    );
    await expect(two.delay("1" as never, "ok")).rejects.toThrow(/argument 1 \(n\): /);
    await expect(two.delay(1, "bad")).rejects.toThrow(/argument 2 \(s\): /);
    await two.delay(1, "ok");
    expect(bodyOf(await take(app))).toEqual([[1, "ok"], {}, null]);
  });

  it("by keyword arrive as one trailing object where the task names no parameters", () => {
    const app = testApp();
    app.task("free", (a: number, options: object) => [a, options]);
    expect(app.tasks.find("free").bindArguments([1], { x: 2 })).toEqual([1, { x: 2 }]);
  });
});

describe("class-based tasks", () => {
  it("are one object, with fields as options and the current call behind getters", async () => {
    class Counter extends Task {
      static maxRetries = 1;
      override readonly name = "counter";
      readonly timeLimit = "5s";
      calls = 0;
      readonly log: string[] = [];
      run(step: number): string {
        this.calls += step;
        return `${this.calls} ${this.request.task} ${this.request.isEager}`;
      }
      onSuccess(result: unknown): void {
        this.log.push(String(result));
      }
    }
    const app = testApp();
    const object = new Counter();
    const counter = app.registerTask(object);
    expect(app.tasks.get("counter")?.options).toMatchObject({ maxRetries: 1, timeLimitSeconds: 5 });
    expect(await (await counter.apply([2])).get()).toBe("2 counter true");
    expect(counter(3)).toBe("5 counter false");
    expect(object.log).toEqual(["2 counter true"]);
    await expect(counter.applyAsync([1, 2] as never)).rejects.toThrow("expected at most 1 argument, got 2");
    expect(() => object.request).toThrow("works only inside a running task");
    class Named extends Task {
      run(): void {}
    }
    expect(app.registerTask(Named).name).toBe("shop.Named");
  });
});

describe("shared tasks", () => {
  it("are on every app, those made before and those made later", async () => {
    const before = testApp();
    const ping = sharedTask("library.ping", { maxRetries: 1 }, (to: string) => `pong ${to}`);
    const later = testApp();
    for (const app of [before, later]) {
      expect(app.tasks.get("library.ping")?.options.maxRetries).toBe(1);
      await ping.on(app).delay("you");
      expect(bodyOf(await take(app))).toEqual([["you"], {}, null]);
    }
    expect(ping.on(later)("me")).toBe("pong me");
  });
});

describe("several apps", () => {
  it("live in one process without knowing one another", async () => {
    const [one, two] = [testApp(), testApp()];
    const a = one.task("t", (x: number) => x);
    two.task("t", (x: number) => x);
    await a.delay(1);
    expect(await (await two.connections.broker("read")).queueInfo("celery")).toBeUndefined();
    expect(bodyOf(await take(one))).toEqual([[1], {}, null]);
  });

  it("connect to nothing before their first use", async () => {
    const app = testApp({ broker: "sqlite:///nowhere/at/all.db" });
    app.task("t", (x: number) => x);
    expect(app.bugreport()).toContain("sqlite:///nowhere/at/all.db");
    await app.close();
    await app.close();
  });
});

describe("the hooks of settings", () => {
  it("are called when settings are first read, and first read after a change; the first of them may change them", () => {
    const app = testApp();
    const told: string[] = [];
    app.on("onConfigure", () => {
      told.push(`before ${app.conf.taskDefaultQueue}`);
      if (app.conf.taskDefaultPriority === null) app.configure({ taskDefaultPriority: 3 });
    });
    app.on("onAfterConfigure", ({ source }) => void told.push(`after ${String(source["taskDefaultPriority"])}`));
    expect(told).toEqual([]);
    expect([app.conf.taskDefaultPriority, app.conf.taskDefaultQueue]).toEqual([3, "celery"]);
    expect(told.splice(0)).toEqual(["before celery", "after 3"]);
    app.configure({ taskDefaultQueue: "other" });
    expect(app.conf.taskDefaultQueue).toBe("other");
    expect(told).toEqual(["before other", "after 3"]);
  });
});
