import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors/celeriac-error.ts";
import { Retry } from "../errors/directives.ts";
import {
  ChordError,
  MaxRetriesExceededError,
  NotRegistered,
  RemoteTaskError,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerLostError,
} from "../errors/task-errors.ts";
import { SerializerRegistry } from "../serialization/serializer-registry.ts";
import { ErrorClasses } from "./error-classes.ts";
import { decodeException, encodeException, exceptionRepr, isExceptionRecord } from "./exception-record.ts";

class PaymentError extends Error {}

describe("writing errors", () => {
  it.each([
    [new TypeError("t"), { exc_type: "TypeError", exc_message: ["t"], exc_module: "builtins" }],
    [new Error("e"), { exc_type: "Error", exc_message: ["e"], exc_module: "javascript" }],
    [new RangeError("r"), { exc_type: "RangeError", exc_message: ["r"], exc_module: "javascript" }],
    [new PaymentError("p"), { exc_type: "PaymentError", exc_message: ["p"], exc_module: "javascript" }],
    [Object.assign(new Error("v"), { name: "ValueError" }), { exc_type: "ValueError", exc_message: ["v"], exc_module: "builtins" }],
    [new DOMException("a", "AbortError"), { exc_type: "AbortError", exc_message: ["a"], exc_module: "javascript" }],
    [new TaskRevokedError("expired"), { exc_type: "TaskRevokedError", exc_message: ["expired"], exc_module: "celery.exceptions" }],
    [new TimeLimitExceeded(30), { exc_type: "TimeLimitExceeded", exc_message: [30], exc_module: "billiard.exceptions" }],
    [new SoftTimeLimitExceeded(null), { exc_type: "SoftTimeLimitExceeded", exc_message: [], exc_module: "billiard.exceptions" }],
    [new NotRegistered("a.b"), { exc_type: "NotRegistered", exc_message: ["a.b"], exc_module: "celery.exceptions" }],
    [new RemoteTaskError("KeyError", ["k", 1], "builtins"), { exc_type: "KeyError", exc_message: ["k", 1], exc_module: "builtins" }],
    [
      new ConfigError("CELERIAC_CONFIG_IMPROPER", { message: "m" }),
      { exc_type: "ConfigError", exc_message: ["m"], exc_module: "celeriac" },
    ],
    [new Retry(), { exc_type: "Retry", exc_message: ["Retry now"], exc_module: "celery.exceptions" }],
    ["text", { exc_type: "Error", exc_message: ["text"], exc_module: "javascript" }],
    [undefined, { exc_type: "Error", exc_message: ["undefined"], exc_module: "javascript" }],
    [{ status: 500 }, { exc_type: "Error", exc_message: [{ status: 500 }], exc_module: "javascript" }],
    [new Map([["a", 1]]), { exc_type: "Error", exc_message: ["{'a': 1}"], exc_module: "javascript" }],
  ])("writes %o", (thrown, expected) => {
    expect(encodeException(thrown)).toEqual(expected);
  });

  it("keeps the chain of causes, and cuts circles", () => {
    const root = new RangeError("root");
    const error = new Error("outer", { cause: new TypeError("inner", { cause: root }) });
    expect(encodeException(error).exc_cause).toMatchObject({ exc_type: "TypeError", exc_cause: { exc_type: "RangeError" } });
    root.cause = error;
    expect(encodeException(error).exc_cause?.exc_cause).toEqual({
      exc_type: "RangeError",
      exc_message: ["root"],
      exc_module: "javascript",
    });
    const self = Object.assign(new Error("self"), { self: undefined as unknown });
    self.self = self;
    self.cause = self;
    expect(encodeException(self)).toEqual({ exc_type: "Error", exc_message: ["self"], exc_module: "javascript" });
    expect(encodeException(new AggregateError([new Error("first")], "all")).exc_cause?.exc_message).toEqual(["first"]);
  });

  it("never throws, and writes what can be serialised, whatever is thrown", () => {
    const registry = new SerializerRegistry();
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true }),
        (thrown) => {
          expect(isExceptionRecord(registry.fromJson(registry.toJson(encodeException(thrown, { registry }))))).toBe(true);
        },
      ),
    );
    const hostile = new Proxy(new Error("x"), {
      get: () => {
        throw new TypeError("no");
      },
    });
    expect(encodeException(hostile).exc_message).toEqual(["an error that cannot be read: no"]);
  });

  it("keeps values that the app's serializer can write, and shows others as text", () => {
    const registry = new SerializerRegistry();
    expect(encodeException(5n, { registry }).exc_message).toEqual([5n]);
    expect(encodeException(5n).exc_message).toEqual(["5"]);
    const circle: unknown[] = [];
    circle.push(circle);
    expect(encodeException(circle, { registry }).exc_message).toEqual(["[<Recursion on list>]"]);
  });
});

describe("reading errors", () => {
  it.each([
    new TypeError("t"),
    new Error("e"),
    new TaskRevokedError("terminated"),
    new TimeLimitExceeded(1.5),
    new SoftTimeLimitExceeded(2),
    new WorkerLostError("signal 9"),
    new ChordError("Dependency x raised y"),
    new NotRegistered("a.b"),
    new MaxRetriesExceededError({ task: "t", id: "i[1]", args: "()", kwargs: "{}" }),
    new RemoteTaskError("mod.Odd", [1, "b"], "mod"),
  ])("gives back %o as the same class with the same words and cause", (error) => {
    error.cause = new TypeError("why");
    const back = decodeException(encodeException(error));
    expect(back).toBeInstanceOf(error.constructor);
    expect([back.name, back.message]).toEqual([error.name, error.message]);
    expect(back.cause).toEqual(error.cause);
  });

  it("gives an unknown class as RemoteTaskError of that name, also where Python's class only shares one of our names", () => {
    expect(decodeException({ exc_type: "ValueError", exc_message: ["boom", 42], exc_module: "builtins" })).toMatchObject({
      name: "ValueError",
      message: 'ValueError("boom", 42)',
      details: { args: ["boom", 42] },
    });
    expect(decodeException({ exc_type: "RangeError", exc_message: ["x"], exc_module: "mylib" })).toBeInstanceOf(RemoteTaskError);
    expect(decodeException({ exc_type: "MaxRetriesExceededError", exc_message: ["odd"], exc_module: "celery.exceptions" })).toMatchObject({
      name: "MaxRetriesExceededError",
      message: "odd",
    });
  });

  it("makes the classes that an app registered", () => {
    const classes = new ErrorClasses();
    classes.register(PaymentError);
    const back = decodeException(encodeException(new PaymentError("declined", { cause: "card" }), { classes }), { classes });
    expect(back).toBeInstanceOf(PaymentError);
    expect(back.message).toBe("declined");
    classes.register({
      type: "InsufficientFunds",
      module: "shop.errors",
      matches: (error) => error instanceof PaymentError && "missing" in error,
      args: (error) => [(error as Error & { missing: number }).missing],
      build: ([missing], options) => Object.assign(new PaymentError("too little", options), { missing }),
    });
    const record = encodeException(Object.assign(new PaymentError("x"), { missing: 7 }), { classes });
    expect(record).toEqual({ exc_type: "InsufficientFunds", exc_message: [7], exc_module: "shop.errors" });
    expect(decodeException(record, { classes })).toMatchObject({ missing: 7 });
  });

  it("shows what was thrown in place of an error, and is no error at all", () => {
    for (const [thrown, shown] of [
      [{ a: 1 }, "{'a': 1}"],
      [["x", null], "['x', None]"],
      ["text", "text"],
      [null, "null"],
    ] as const) {
      expect(decodeException(encodeException(thrown)).message).toBe(shown);
    }
  });

  it("gives an error whatever was stored", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (stored) => {
        expect(decodeException(stored)).toBeInstanceOf(Error);
      }),
    );
    const throwing = new ErrorClasses();
    throwing.register({
      type: "Bad",
      matches: () => false,
      args: () => [],
      build: () => {
        throw new Error("no");
      },
    });
    expect(decodeException({ exc_type: "Bad", exc_message: [], exc_module: "x" }, { classes: throwing })).toBeInstanceOf(RemoteTaskError);
  });
});

describe("exceptionRepr", () => {
  it("shows an exception as Python does", () => {
    expect(exceptionRepr({ exc_type: "Outer.InnerError", exc_message: ["it's", 42], exc_module: "m" })).toBe("InnerError('it\\'s', 42)");
  });
});
