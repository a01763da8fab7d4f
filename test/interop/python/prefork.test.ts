// A Python client and a TypeScript worker whose tasks run in child processes.
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { withPeers } from "./peers.ts";

const appModule = new URL("./typescript-tasks.ts", import.meta.url);

withPeers(
  (peers) => {
    it("values, errors, retries and keyword arguments are those of the pool in one process", async () => {
      const program =
        "out = [get(send('ts.echo', {'ü': [1, None, '東京']})), get(app.send_task('ts.divide', [7], {'floor': True, 'divisor': 2})),\n" +
        "  get(send('ts.retry_twice')), error_of(send('ts.fail', 'TypeError', 'kaputt: ü')), error_of(send('ts.fail', 'RangeError', 'too far'))]";
      expect(await peers.python.run(program)).toEqual([
        { ü: [1, null, "東京"] },
        3,
        2,
        expect.objectContaining({ type: "TypeError", module: "builtins", args: ["kaputt: ü"], has_traceback: true }),
        expect.objectContaining({ type: "RangeError", args: ["too far"] }),
      ]);
    });

    it("many calls at once, compressed ones and delayed ones, come back", async () => {
      const program =
        "sent = [send('ts.add', n, 1, compression='zlib' if n % 3 == 0 else None, countdown=0.3 if n % 50 == 0 else None) for n in range(200)]\n" +
        "out = [get(r) for r in sent]";
      expect(await peers.python.run(program)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    });

    it("headers, limits and ids of the call reach the child", async () => {
      const id = randomUUID();
      const program = "out = get(send('ts.request', task_id=arg, time_limit=30, soft_time_limit=20, headers={'tenant': 'zürich'}))";
      expect(await peers.python.run(program, id)).toMatchObject({
        id,
        rootId: id,
        timeLimit: 30,
        softTimeLimit: 20,
        headers: { tenant: "zürich" },
      });
    });

    it("a link to Python is sent from the child's outcome", async () => {
      const key = randomUUID();
      await peers.python.run("send('ts.echo', 'passed on', link=signature('py.note', args=(arg,), immutable=False, app=app))", key);
      // The callback has the value first: py.note(key, value) is given (value, key).
      expect(await peers.note("passed on")).toBe(key);
    });
  },
  { typescriptWorker: { pool: "prefork", concurrency: 2, appModule } },
);
