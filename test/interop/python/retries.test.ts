// Retries in one language as the caller in the other sees them.
import { expect, it } from "vitest";
import { states } from "../../../src/protocol/states.ts";
import { until } from "../../support/until.ts";
import { WAIT, withPeers } from "./peers.ts";

withPeers((peers) => {
  it("a Python task that retries twice gives its value to TypeScript, at once and after a delay", async () => {
    const [now, later] = await Promise.all([peers.app.sendTask("py.retry_twice"), peers.app.sendTask("py.retry_twice", [0.2])]);
    expect([await now.get(WAIT), await later.get(WAIT)]).toEqual([2, 2]);
  });

  it("a TypeScript task that retries twice gives its value to Python, at once and after a delay", async () => {
    expect(await peers.python.run("out = [get(r) for r in [send('ts.retry_twice'), send('ts.retry_twice', 0.2)]]")).toEqual([2, 2]);
  });

  it("a Python task that is out of retries fails in TypeScript with its own exception", async () => {
    const result = await peers.app.sendTask("py.retry_in_vain");
    await expect(result.get(WAIT)).rejects.toMatchObject({ name: "KeyError", details: { type: "KeyError", args: ["never"] } });
  });

  it("a TypeScript task that is out of retries fails in Python with its own error", async () => {
    const failure = await peers.python.run("out = error_of(send('ts.retry_in_vain'))");
    expect(failure).toMatchObject({ type: "RangeError", args: ["never"], state: "FAILURE" });
  });

  it("TypeScript sees the state RETRY of a Python task, with the exception behind it", async () => {
    const result = await peers.app.sendTask("py.retry_twice", [600]);
    await until("the Python task to be retried", async () => (await result.state()) === states.RETRY);
    expect(await result.info()).toMatchObject({ name: "KeyError", details: { args: ["not yet"] } });
    expect(await result.ready()).toBe(false);
  });

  it("Python sees the state RETRY of a TypeScript task, with the error behind it", async () => {
    const program =
      "import time\n" +
      "r = send('ts.retry_twice', 600)\n" +
      "deadline = time.monotonic() + 20\n" +
      "while r.state != 'RETRY' and time.monotonic() < deadline: time.sleep(0.02)\n" +
      "out = [r.state, r.ready(), type(r.result).__name__, list(r.result.args)]";
    expect(await peers.python.run(program)).toEqual(["RETRY", false, "Error", ["not yet"]]);
  });

  it("a retried call keeps its callback, which runs once in the other language", async () => {
    const link = peers.app.signature("ts.add", [10], { taskId: "retried-link-ts" });
    await peers.app.sendTask("py.retry_twice", [], { link });
    expect(await peers.app.AsyncResult("retried-link-ts").get(WAIT)).toBe(12);
    const program =
      "link = signature('py.add', args=(10,), options={'task_id': 'retried-link-py'})\n" +
      "get(send('ts.retry_twice', link=link))\n" +
      "out = get(AsyncResult('retried-link-py'))";
    expect(await peers.python.run(program)).toBe(12);
  });
});
