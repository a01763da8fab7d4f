// What a call carries to the other language beside its arguments: compression, time limits, headers, ids, results that nobody wants.
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { WAIT, withPeers } from "./peers.ts";

const LONG = "aeiou äöü ".repeat(10_000);

withPeers((peers) => {
  it("compressed messages are read by the other side", async () => {
    for (const compression of ["zlib", "bzip2"] as const) {
      const fromPython = "out = len(get(send('ts.echo', arg[0], compression=arg[1])))";
      expect(await peers.python.run(fromPython, [LONG, compression])).toBe(LONG.length);
    }
    expect(await (await peers.app.sendTask("py.echo", [LONG], { compression: "zlib" })).get(WAIT)).toBe(LONG);
  });

  it("time limits arrive in the request of the other side", async () => {
    const seen = await (await peers.app.sendTask("py.request", [], { timeLimit: "30s", softTimeLimit: "20s" })).get(WAIT);
    expect(seen).toMatchObject({ timelimit: [30, 20] });
    const program = "out = get(send('ts.request', time_limit=30, soft_time_limit=20))";
    expect(await peers.python.run(program)).toMatchObject({ timeLimit: 30, softTimeLimit: 20 });
    expect(await peers.python.run("out = get(send('ts.request'))")).toMatchObject({ timeLimit: null, softTimeLimit: null });
  });

  it("ids, shadow name and the text of the arguments arrive", async () => {
    const taskId = randomUUID();
    const options = { taskId, shadow: "shown", argsrepr: "('***',)", kwargsrepr: "{'secret': '***'}" };
    const seen = await (await peers.app.sendTask("py.request", [], options)).get(WAIT);
    const ids = { id: taskId, root_id: taskId, parent_id: null, correlation_id: taskId, retries: 0 };
    expect(seen).toMatchObject({ ...ids, shadow: "shown", argsrepr: "('***',)", kwargsrepr: "{'secret': '***'}" });
    const other = randomUUID();
    expect(await peers.python.run("out = get(send('ts.request', task_id=arg, shadow='shown'))", other)).toMatchObject({
      id: other,
      rootId: other,
      parentId: null,
      correlationId: other,
      shadow: "shown",
    });
  });

  it("headers of the caller's own arrive in TypeScript from Python", async () => {
    const seen = await peers.python.run("out = get(send('ts.request', headers={'tenant': 'zürich', 'depth': 3}))");
    expect(seen).toMatchObject({ headers: { tenant: "zürich", depth: 3 } });
  });

  it("a task that is called from a task of the other language names it as its parent and root", async () => {
    const outer = await peers.app.sendTask("py.call", ["ts.request", []]);
    const seen = await peers.app.AsyncResult(String(await outer.get(WAIT))).get(WAIT);
    expect(seen).toMatchObject({ parentId: outer.id, rootId: outer.id });
    const program = "outer = send('ts.call', 'py.request', [])\nout = [get(AsyncResult(get(outer))), outer.id]";
    const [inner, id] = (await peers.python.run(program)) as readonly [Record<string, unknown>, string];
    expect(inner).toMatchObject({ parent_id: id, root_id: id });
  });

  it("the children of a task are known to the other side", async () => {
    const outer = await peers.app.sendTask("py.call", ["ts.add", [1, 2]]);
    const inner = await outer.get(WAIT);
    expect((await outer.children())?.map((child) => child.id)).toEqual([inner]);
    const program =
      "outer = send('ts.call', 'py.add', [1, 2])\ninner = get(outer)\nout = [[c.id for c in outer.children] == [inner], get(outer.children[0])]";
    expect(await peers.python.run(program)).toEqual([true, 3]);
  });

  it("no result is stored in either language for a call whose result is ignored", async () => {
    const key = randomUUID();
    const silent = await peers.app.sendTask("py.note_silently", [key, "by the task"]);
    expect(await peers.note(key)).toBe("by the task");
    const ignored = await peers.app.sendTask("py.note", [key, "by the call"], { ignoreResult: true });
    expect(await peers.note(key)).toBe("by the call");
    expect([ignored.ignored, await ignored.get(WAIT)]).toEqual([true, null]);
    const program =
      "link = signature('py.note', args=(arg, 'after it'), immutable=True, app=app)\n" +
      "out = send('ts.add', 1, 2, ignore_result=True, link=link).id";
    const fromPython = await peers.python.run(program, key);
    expect(await peers.note(key)).toBe("after it");
    // The worker of Python executes one task after the other: what it had to store is stored when it has done another.
    expect(await (await peers.app.sendTask("py.add", [1, 2])).get(WAIT)).toBe(3);
    const keys = [silent.id, ignored.id, String(fromPython)].map((id) => `celery-task-meta-${id}`);
    expect(await peers.redis.exists(...keys)).toBe(0);
  });
});
