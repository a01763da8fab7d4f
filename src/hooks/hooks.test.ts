import { describe, expect, it } from "vitest";
import { UsageError } from "../errors/celeriac-error.ts";
import { createDeferred } from "../util/deferred.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { systemClock } from "../util/clock.ts";
import type { PublishDraft } from "./hook-subjects.ts";
import { Hooks } from "./hooks.ts";
import type { TaskReceived } from "./task-hooks.ts";

const received = (sender: string): TaskReceived => ({
  sender,
  request: { id: "1", task: "t", retries: 0, eta: null, expires: null, rootId: null, parentId: null, group: null },
});

function collectingLogger(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  return { logger: { ...silentLogger, error: (_fields, message) => void lines.push(message ?? "") }, lines };
}

describe("hooks", () => {
  it("calls handlers in their order with the payload, until they are removed", () => {
    const [hooks, calls] = [new Hooks(), [] as string[]];
    const off = hooks.on("taskReceived", ({ sender }) => void calls.push(`first ${sender}`));
    hooks.on("taskReceived", ({ request }) => void calls.push(`second ${request.id}`));
    hooks.emit("taskReceived", received("n"));
    off();
    off();
    hooks.emit("taskReceived", received("n"));
    expect(calls).toEqual(["first n", "second 1", "second 1"]);
  });
  it("knows whether anybody listens", () => {
    const hooks = new Hooks();
    expect(hooks.has("taskReceived")).toBe(false);
    const off = hooks.on("taskReceived", () => {});
    expect(hooks.has("taskReceived")).toBe(true);
    expect(hooks.has("taskPrerun")).toBe(false);
    off();
    expect(hooks.has("taskReceived")).toBe(false);
  });
  it("calls a handler only for its sender, given by name or by something with that name", () => {
    const [hooks, calls] = [new Hooks(), [] as string[]];
    hooks.on("taskReceived", () => void calls.push("by name"), { sender: "a" });
    hooks.on("taskReceived", () => void calls.push("by object"), { sender: { name: "a" } });
    hooks.on("taskReceived", () => void calls.push("by function"), { sender: function a() {} });
    hooks.on("taskReceived", () => void calls.push("any"));
    hooks.emit("taskReceived", received("b"));
    hooks.emit("taskReceived", received("a"));
    expect(calls).toEqual(["any", "by name", "by object", "by function", "any"]);
  });
  it("registers a handler once: the same function, or another with the same key", () => {
    const [hooks, calls] = [new Hooks(), [] as number[]];
    const handler = (): void => void calls.push(1);
    hooks.on("taskReceived", handler);
    hooks.on("taskReceived", handler);
    hooks.on("taskReceived", () => void calls.push(2), { key: "k" });
    const off = hooks.on("taskReceived", () => void calls.push(3), { key: "k" });
    hooks.on("taskReceived", () => void calls.push(4), { key: "k", sender: "n" });
    hooks.emit("taskReceived", received("n"));
    expect(calls).toEqual([1, 2, 4]);
    off();
    hooks.emit("taskReceived", received("n"));
    expect(calls).toEqual([1, 2, 4, 1, 4]);
  });
  it("logs what handlers throw or reject with, and calls the others", async () => {
    const { logger, lines } = collectingLogger();
    const [hooks, calls] = [new Hooks({ logger }), [] as string[]];
    hooks.on("taskReceived", () => {
      throw new Error("at once");
    });
    hooks.on("taskReceived", async () => {
      throw new Error("later");
    });
    hooks.on("taskReceived", () => void calls.push("called"));
    hooks.emit("taskReceived", received("n"));
    await hooks.emitAsync("taskReceived", received("n"));
    expect(calls).toEqual(["called", "called"]);
    expect(lines).toEqual(Array.from({ length: 4 }, () => "a handler of the hook taskReceived threw"));
  });
  it("awaits one handler before the next with emitAsync", async () => {
    const [hooks, calls, gate] = [new Hooks(), [] as string[], createDeferred()];
    hooks.on("taskReceived", async () => {
      await gate.promise;
      calls.push("slow");
    });
    hooks.on("taskReceived", () => void calls.push("fast"));
    const emitted = hooks.emitAsync("taskReceived", received("n"));
    expect(calls).toEqual([]);
    gate.resolve();
    await emitted;
    expect(calls).toEqual(["slow", "fast"]);
  });
  it("lets handlers change the message that is about to be sent", async () => {
    const hooks = new Hooks();
    hooks.on("beforeTaskPublish", async ({ message }) => {
      message.headers.custom = { ...message.headers.custom, trace: "abc" };
      message.payload.args = [...message.payload.args, 3];
      message.priority = 9;
    });
    const message = {
      headers: { custom: {} },
      payload: { args: [1, 2], kwargs: {} },
      exchange: "",
      routingKey: "celery",
      serializer: "json",
      priority: null,
    } as never as PublishDraft;
    await hooks.emitAsync("beforeTaskPublish", { sender: "add", message });
    expect(message).toMatchObject({ headers: { custom: { trace: "abc" } }, payload: { args: [1, 2, 3] }, priority: 9 });
  });
  it("calls a handler with retry again, after growing waits, until it succeeds", async () => {
    const waits: number[] = [];
    const clock = { ...systemClock, sleep: async (milliseconds: number) => void waits.push(milliseconds) };
    const [hooks, { logger, lines }] = [new Hooks({ clock }), collectingLogger()];
    const logging = new Hooks({ clock, logger });
    let calls = 0;
    const handler = (): void => {
      if (++calls < 20) throw new Error("not yet");
    };
    hooks.on("taskReceived", handler, { retry: true });
    await hooks.emitAsync("taskReceived", received("n"));
    expect(calls).toBe(20);
    expect(waits).toEqual([...Array.from({ length: 15 }, (_, i) => 2000 * (i + 1)), 30_000, 30_000, 30_000, 30_000]);
    calls = 18;
    logging.on("taskReceived", handler, { retry: true });
    await logging.emitAsync("taskReceived", received("n"));
    expect(lines).toHaveLength(1);
  });
  it("ends the tries of a handler that is removed", async () => {
    const failed = createDeferred();
    const hooks = new Hooks({ logger: { ...silentLogger, error: () => failed.resolve() } });
    hooks.on(
      "taskReceived",
      () => {
        throw new Error("never works");
      },
      { retry: true },
    );
    const emitted = hooks.emitAsync("taskReceived", received("n"));
    await failed.promise;
    hooks.close();
    await emitted;
    expect(hooks.has("taskReceived")).toBe(false);
  });
  it("does not call a handler that another one removed during the same emission", () => {
    const [hooks, calls] = [new Hooks(), [] as string[]];
    let off = (): void => {};
    hooks.on("taskReceived", () => off());
    off = hooks.on("taskReceived", () => void calls.push("removed"));
    hooks.emit("taskReceived", received("n"));
    expect(calls).toEqual([]);
  });
  it("refuses an unknown hook and names the one that was meant", () => {
    const hooks = new Hooks();
    expect(() => hooks.on("taskPreRun" as "taskPrerun", () => {})).toThrow(UsageError);
    expect(() => hooks.on("taskPreRun" as "taskPrerun", () => {})).toThrow('did you mean "taskPrerun"?');
    expect(() => hooks.on("task_failure" as "taskFailure", () => {})).toThrow('did you mean "taskFailure"?');
    expect(() => hooks.on("__proto__" as "taskFailure", () => {})).toThrow("no hook is called");
  });
});
