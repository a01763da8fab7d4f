// Exceptions that cross languages: by type, message and module, and raised there as that language raises its own.
import { expect, it } from "vitest";
import { RemoteTaskError } from "../../../src/errors/task-errors.ts";
import { WAIT, withPeers } from "./peers.ts";

withPeers((peers) => {
  const failure = async (name: string, ...args: readonly unknown[]): Promise<Error> => {
    const result = await peers.app.sendTask(name, args);
    const error = await result.get(WAIT).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(await result.state()).toBe("FAILURE");
    expect(await result.traceback()).toContain("Traceback (most recent call last)");
    if (error instanceof Error) return error;
    throw new Error(`expected ${name} to fail`);
  };
  const seenByPython = (kind: string, message: string): Promise<unknown> =>
    peers.python.run("out = error_of(send('ts.fail', *arg))", [kind, message]);

  it("an exception that only Python knows is thrown in TypeScript with its name, module and arguments", async () => {
    const error = await failure("py.fail", "kaputt: ü 東京");
    expect(error).toBeInstanceOf(RemoteTaskError);
    expect([error.name, error.message]).toEqual(["ValueError", expect.stringContaining("kaputt: ü 東京")]);
    expect((error as RemoteTaskError).details).toMatchObject({ type: "ValueError", module: "builtins", args: ["kaputt: ü 東京"] });
    const own = await failure("py.fail_own", "book", 3);
    expect((own as RemoteTaskError).details).toMatchObject({ type: "OutOfStock", module: "pyapp", args: ["book", 3] });
    expect((await failure("py.fail")) as RemoteTaskError).toMatchObject({ name: "ValueError", details: { args: [] } });
  });

  it("Python's TypeError is TypeScript's TypeError", async () => {
    const error = await failure("py.fail_type", "not a number");
    expect([error.constructor, error.message]).toEqual([TypeError, "not a number"]);
  });

  it("a class that the app registered is made again in TypeScript from Python's exception", async () => {
    class ValueError extends Error {}
    peers.app.errorClasses.register(ValueError);
    const error = await failure("py.fail", "again");
    expect([error.constructor, error.message]).toEqual([ValueError, "again"]);
  });

  it("a TypeError of TypeScript is raised in Python as its own TypeError, with a traceback stored", async () => {
    expect(await seenByPython("TypeError", "x is not a function: ü")).toMatchObject({
      type: "TypeError",
      module: "builtins",
      args: ["x is not a function: ü"],
      state: "FAILURE",
      has_traceback: true,
    });
  });

  it("errors that Python does not have are raised there as exceptions of their name and message", async () => {
    // Celery puts the classes that it makes for them into its own module.
    const range = { type: "RangeError", module: "celery.exceptions", args: ["below zero"], bases: expect.arrayContaining(["Exception"]) };
    expect(await seenByPython("RangeError", "below zero")).toMatchObject(range);
    expect(await seenByPython("Error", "plain")).toMatchObject({ type: "Error", args: ["plain"] });
    expect(await seenByPython("OutOfStock", "book")).toMatchObject({ type: "OutOfStock", args: ["book"] });
    expect(await seenByPython("cause", "on top")).toMatchObject({ type: "RangeError", args: ["on top"] });
  });

  it("an error of TypeScript that is named as an exception of Python's is that exception there", async () => {
    const expected = { type: "ValueError", module: "builtins", args: ["by name"] };
    expect(await seenByPython("named ValueError", "by name")).toMatchObject(expected);
    expect(await peers.python.run("try: get(send('ts.fail', 'named ValueError', 'x'))\nexcept ValueError as exc: out = str(exc)")).toBe(
      "x",
    );
  });

  it("a task that the other side does not have fails as NotRegistered", async () => {
    expect(await peers.python.run("out = error_of(send('ts.missing', 1))")).toMatchObject({
      type: "NotRegistered",
      module: "celery.exceptions",
      args: ["ts.missing"],
    });
    await expect((await peers.app.sendTask("py.missing", [1])).get(WAIT)).rejects.toMatchObject({
      name: "NotRegistered",
      details: { task: "py.missing" },
    });
  });

  it("a worker goes on after failures on both sides", async () => {
    expect(await (await peers.app.sendTask("py.add", [1, 2])).get(WAIT)).toBe(3);
    expect(await peers.python.run("out = get(send('ts.add', 1, 2))")).toBe(3);
  });
});
