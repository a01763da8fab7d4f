// Countdown, eta and expiry of calls that go to the other language.
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { until } from "../../support/until.ts";
import { WAIT, withPeers } from "./peers.ts";

withPeers((peers) => {
  const ended = async (id: string): Promise<number> => {
    const result = peers.app.AsyncResult(id);
    await result.get(WAIT);
    return (await result.dateDone())?.getTime() ?? 0;
  };

  it("Python executes a call of TypeScript's no earlier than its countdown or its eta", async () => {
    const due = Date.now() + 1200;
    const [delayed, dated, [bulk], now] = await Promise.all([
      peers.app.sendTask("py.add", [1, 2], { countdown: "1200ms" }),
      peers.app.sendTask("py.add", [1, 2], { eta: new Date(due) }),
      peers.app.remote<(x: number, y: number) => number>("py.add").sendMany([[1, 2]], { countdown: "1200ms" }),
      peers.app.sendTask("py.add", [1, 2]),
    ]);
    expect(await ended(now.id)).toBeLessThan(due);
    for (const id of [delayed.id, dated.id, bulk?.id ?? ""]) {
      expect(await ended(id)).toBeGreaterThanOrEqual(due - 5);
      expect(await ended(id)).toBeLessThan(due + 5000);
    }
  });

  it("TypeScript executes a call of Python's no earlier than its countdown or its eta, whatever zone that is in", async () => {
    const program =
      "import datetime\n" +
      "zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))\n" +
      "eta = datetime.datetime.now(zone) + datetime.timedelta(seconds=1.2)\n" +
      "naive = datetime.datetime.utcnow() + datetime.timedelta(seconds=1.2)\n" +
      "sent = [send('ts.add', 1, 2, countdown=1.2), send('ts.add', 1, 2, eta=eta), send('ts.add', 1, 2, eta=naive)]\n" +
      "out = [r.id for r in sent]";
    const due = Date.now() + 1200;
    for (const id of (await peers.python.run(program)) as readonly string[]) {
      expect(await ended(id)).toBeGreaterThanOrEqual(due - 5);
      expect(await ended(id)).toBeLessThan(due + 5000);
    }
  });

  it("TypeScript gives up a call of Python's that has expired, and Python sees it revoked", async () => {
    const program =
      "import datetime\n" +
      "past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=5)\n" +
      "r = send('ts.add', 1, 2, expires=past)\n" +
      "failure = error_of(r)\n" +
      "out = [failure['type'], failure['module'], failure['args'], r.state, get(send('ts.add', 1, 2, expires=60))]";
    expect(await peers.python.run(program)).toEqual(["TaskRevokedError", "celery.exceptions", ["expired"], "REVOKED", 3]);
  });

  it("Python gives up a call of TypeScript's that has expired, and TypeScript sees it revoked", async () => {
    const result = await peers.app.sendTask("py.add", [1, 2], { expires: new Date(Date.now() - 5000) });
    await expect(result.get(WAIT)).rejects.toMatchObject({ name: "TaskRevokedError", message: expect.stringContaining("expired") });
    expect(await result.state()).toBe("REVOKED");
    expect(await (await peers.app.sendTask("py.add", [1, 2], { expires: "60s" })).get(WAIT)).toBe(3);
  });

  it("eta and expires are on the message as the other side reads them", async () => {
    const eta = new Date(Date.now() + 300);
    const expires = new Date(Date.now() + 60_000);
    const seen = (await (await peers.app.sendTask("py.request", [], { eta, expires })).get(WAIT)) as Record<string, string>;
    expect([Date.parse(seen["eta"] ?? ""), Date.parse(seen["expires"] ?? "")]).toEqual([eta.getTime(), expires.getTime()]);
    const program = "out = get(send('ts.request', countdown=0.3, expires=60))";
    const fromPython = (await peers.python.run(program)) as Record<string, string>;
    expect(Date.parse(fromPython["expires"] ?? "") - Date.parse(fromPython["eta"] ?? "")).toBeCloseTo(59_700, -2);
  });

  it("a call of TypeScript's that is far off waits without being executed, and one of Python's too", async () => {
    const ids = [randomUUID(), randomUUID()];
    await peers.app.sendTask("py.note", ["far", "ts"], { countdown: "1h", taskId: ids[0] });
    await peers.python.run("send('ts.echo', 1, countdown=3600, task_id=arg)", ids[1]);
    // What was sent later and is due overtakes both.
    await until("calls that are due", async () => (await (await peers.app.sendTask("py.add", [1, 2])).get(WAIT)) === 3);
    expect(await peers.python.run("out = get(send('ts.add', 1, 2))")).toBe(3);
    expect(await Promise.all(ids.map((id) => peers.app.AsyncResult(id).state()))).toEqual(["PENDING", "PENDING"]);
    expect(await peers.redis.llen("far")).toBe(0);
  });
});
