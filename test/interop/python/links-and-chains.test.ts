// Callbacks, errbacks and chains whose steps are in two languages.
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { chain } from "../../../src/canvas/chain.ts";
import { WAIT, withPeers } from "./peers.ts";

withPeers((peers) => {
  const resultOf = (taskId: string): Promise<unknown> => peers.app.AsyncResult(taskId).get(WAIT);

  it("a callback in TypeScript follows a Python task, and one in Python a TypeScript task, whoever sends", async () => {
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => randomUUID());
    await peers.app.sendTask("py.add", [2, 3], { link: peers.app.signature("ts.mul", [10], { taskId: first }) });
    await peers.app.sendTask("ts.add", [2, 3], { link: peers.app.signature("py.mul", [100], { taskId: second }) });
    const program =
      "link = lambda name, by, id: signature(name, args=(by,), options={'task_id': id}, app=app)\n" +
      "send('py.add', 1, 1, link=link('ts.mul', 10, arg[0]))\n" +
      "send('ts.add', 1, 1, link=[link('py.mul', 100, arg[1])])";
    await peers.python.run(program, [third, fourth]);
    const results = [first, second, third, fourth].map((id) => resultOf(id ?? ""));
    expect(await Promise.all(results)).toEqual([50, 500, 20, 200]);
  });

  it("several callbacks in both languages follow one task", async () => {
    const ids = Array.from({ length: 4 }, () => randomUUID());
    const link = ids.map((taskId, i) => peers.app.signature(i % 2 === 0 ? "ts.add" : "py.add", [i], { taskId }));
    await Promise.all([peers.app.sendTask("py.add", [20, 20], { link }), peers.app.sendTask("ts.add", [1, 1], {})]);
    expect(await Promise.all(ids.map(resultOf))).toEqual([40, 41, 42, 43]);
  });

  it("an errback in TypeScript is sent the id of the Python task that failed", async () => {
    const taskId = randomUUID();
    const failed = await peers.app.sendTask("py.fail", ["x"], { linkError: peers.app.signature("ts.echo", [], { taskId }) });
    expect(await resultOf(taskId)).toBe(failed.id);
    const program =
      "failed = send('py.fail', 'x', link_error=signature('ts.echo', options={'task_id': arg}, app=app))\n" +
      "out = get(AsyncResult(arg)) == failed.id";
    expect(await peers.python.run(program, randomUUID())).toBe(true);
  });

  it("an errback in Python is sent the id of the TypeScript task that failed", async () => {
    const taskId = randomUUID();
    const linkError = peers.app.signature("py.echo", [], { taskId });
    const failed = await peers.app.sendTask("ts.fail", ["Error", "x"], { linkError });
    expect(await resultOf(taskId)).toBe(failed.id);
    const program =
      "failed = send('ts.fail', 'Error', 'x', link_error=signature('py.echo', options={'task_id': arg}, app=app))\n" +
      "out = get(AsyncResult(arg)) == failed.id";
    expect(await peers.python.run(program, randomUUID())).toBe(true);
  });

  it("a chain of TypeScript's whose steps alternate languages gives its value, and each step its own", async () => {
    const { app } = peers;
    const step = (name: string, by: number) => app.signature(name, [by]);
    const workflow = chain(app.signature("py.add", [1, 2]), step("ts.mul", 10), step("py.add", 5), step("ts.mul", 2), step("py.mul", 3));
    const result = await workflow.delay();
    expect(await result.get(WAIT)).toBe(210);
    const values: unknown[] = [];
    for (let each = result.parent; each !== null; each = each.parent) values.push(await each.get(WAIT));
    expect(values).toEqual([70, 35, 30, 3]);
  });

  it("a chain of Python's whose steps alternate languages gives its value, and each step its own", async () => {
    const program =
      "s = lambda name, *args: signature(name, args=args, app=app)\n" +
      "r = chain(s('ts.add', 1, 2), s('py.mul', 10), s('ts.add', 5), s('py.mul', 2), s('ts.mul', 3), app=app).apply_async()\n" +
      "out = [get(r)]\n" +
      "while r.parent: r = r.parent; out.append(get(r))";
    expect(await peers.python.run(program)).toEqual([210, 70, 35, 30, 3]);
  });

  it("a chain stops at the step that fails, in either language, and tells its caller", async () => {
    const { app } = peers;
    const result = await chain(app.signature("ts.add", [1, 2]), app.signature("py.fail", []), app.signature("ts.mul", [2])).delay();
    await expect(result.get(WAIT)).rejects.toMatchObject({ name: "ValueError", details: { args: [3] } });
    const program =
      "s = lambda name, *args, **o: signature(name, args=args, app=app, **o)\n" +
      "r = chain(s('py.add', 1, 2), s('ts.fail', 'TypeError', 'broken', immutable=True), s('py.mul', 2), app=app).apply_async()\n" +
      "failure = error_of(r)\n" +
      "out = [failure['type'], failure['args'], r.parent.state]";
    expect(await peers.python.run(program)).toEqual(["TypeError", ["broken"], "FAILURE"]);
  });

  it("an immutable step ignores what the other language gave", async () => {
    const { app } = peers;
    const steps = [app.signature("py.add", [1, 2]), app.signature("ts.add", [4, 5], { immutable: true })] as const;
    expect(await (await chain(...steps, app.signature("py.mul", [2, 2], { immutable: true })).delay()).get(WAIT)).toBe(4);
  });
});
