// Priorities between languages: what waits is fetched in the order that Celery gives it on that broker. Redis has the lists 0, 3, 6 and 9, of
// which 0 comes first; on RabbitMQ the highest comes first.
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { WAIT, withPeers } from "./peers.ts";

const SENT = [6, 0, 9, 3] as const;

withPeers(
  (peers) => {
    const expected = (): readonly number[] => (peers.broker === "Redis" ? [0, 3, 6, 9] : [9, 6, 3, 0]);

    it("Python fetches what TypeScript sent in the order of the priorities", async () => {
      const key = randomUUID();
      const sent = await Promise.all(SENT.map((priority) => peers.app.sendTask("py.note", [key, priority], { priority })));
      const worker = await peers.startPython(peers.pythonQueue);
      try {
        await Promise.all(sent.map((result) => result.get(WAIT)));
        expect((await peers.redis.lrange(key, 0, -1)).map(Number)).toEqual(expected());
        const seen = await Promise.all(SENT.map(async (priority) => (await peers.app.sendTask("py.request", [], { priority })).get(WAIT)));
        expect(seen.map((request) => (request as Record<string, unknown>)["priority"])).toEqual(SENT);
      } finally {
        await worker.stop();
      }
    });

    it("TypeScript fetches what Python sent in the order of the priorities", async () => {
      const order: number[] = [];
      peers.app.task("ts.order", { params: ["priority"] }, (priority: number) => void order.push(priority));
      const program = "out = [send('ts.order', p, priority=p).id for p in arg]";
      const ids = (await peers.python.run(program, SENT)) as readonly string[];
      const worker = await peers.startTypescript({ queues: [peers.typescriptQueue], concurrency: 1, prefetchMultiplier: 1 });
      try {
        await Promise.all(ids.map((id) => peers.app.AsyncResult(id).get(WAIT)));
        expect(order).toEqual(expected());
        const seen = await peers.python.run("out = [get(r)['priority'] for r in [send('ts.request', priority=p) for p in arg]]", SENT);
        expect(seen).toEqual(SENT);
      } finally {
        await worker.stop();
      }
    });

    it("both languages declare the queues that they send to alike, so that neither is refused", async () => {
      const queue = `interop-both-${randomUUID().slice(0, 8)}`;
      const worker = await peers.startPython(queue);
      try {
        const sent = await Promise.all([1, 5].map((priority) => peers.app.sendTask("py.add", [1, priority], { queue, priority })));
        expect(await Promise.all(sent.map((result) => result.get(WAIT)))).toEqual([2, 6]);
        const fromPython = await peers.python.run("out = get(app.send_task('py.add', [1, 2], queue=arg, priority=7))", queue);
        expect(fromPython).toBe(3);
      } finally {
        await worker.stop();
      }
      const own = await peers.startTypescript({ queues: [queue] });
      try {
        expect(await peers.python.run("out = get(app.send_task('ts.add', [2, 2], queue=arg, priority=7))", queue)).toBe(4);
      } finally {
        await own.stop();
      }
    });
  },
  { pythonWorker: false, typescriptWorker: false },
);
