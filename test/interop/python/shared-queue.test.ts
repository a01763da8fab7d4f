// One queue, a Python worker and a TypeScript worker on it: every task is executed, once, by one of them.
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { chain } from "../../../src/canvas/chain.ts";
import { WAIT, withPeers } from "./peers.ts";

const COUNT = 400;
const numbers = Array.from({ length: COUNT }, (_, i) => i);

withPeers(
  (peers) => {
    it("executes what both clients sent exactly once, on both sides", async () => {
      const [key, queue] = [randomUUID(), `interop-shared-${randomUUID().slice(0, 8)}`];
      peers.app.task("both.who", async (list: string, number: number) => {
        await peers.redis.rpush(list, number);
        return "typescript";
      });
      // Neither may drain the queue before the other has begun.
      const [python, typescript] = await Promise.all([
        peers.startPython(queue),
        peers.startTypescript({ queues: [queue], concurrency: 2, prefetchMultiplier: 1 }),
      ]);
      try {
        const fromPython = peers.python.run(
          "out = [get(r) for r in [app.send_task('both.who', arg[:1] + [n], queue=arg[1]) for n in range(400, 800)]]",
          [key, queue],
        );
        const who = peers.app.remote<(list: string, number: number) => string>("both.who");
        const sent = await who.sendMany(
          numbers.map((n) => [key, n]),
          { queue },
        );
        const owners = [...(await Promise.all(sent.map((result) => result.get(WAIT)))), ...((await fromPython) as readonly string[])];
        expect(new Set(owners)).toEqual(new Set(["python", "typescript"]));
        const executed = (await peers.redis.lrange(key, 0, -1)).map(Number).sort((a, b) => a - b);
        expect(executed).toEqual([...numbers, ...numbers.map((n) => n + COUNT)]);
      } finally {
        await Promise.all([python.stop(), typescript.stop()]);
      }
      const broker = await peers.app.connections.broker("read");
      expect(await broker.queueInfo(queue)).toMatchObject({ messages: 0 });
    });

    // The other way round only what was sent later: kombu may lose what it is just popping from Redis when it stops.
    it("Python goes on with what a TypeScript worker left when it stopped, and TypeScript with what comes after Python", async () => {
      const [key, queue] = [randomUUID(), `interop-left-${randomUUID().slice(0, 8)}`];
      const who = peers.app.remote<(list: string, number: number) => string>("both.who");
      const typescript = await peers.startTypescript({ queues: [queue], concurrency: 2, prefetchMultiplier: 10 });
      const first = await who.sendMany(
        numbers.map((n) => [key, n]),
        { queue },
      );
      await first[0]?.get(WAIT);
      await typescript.stop();
      const python = await peers.startPython(queue);
      try {
        await Promise.all(first.map((result) => result.get(WAIT)));
      } finally {
        await python.stop();
      }
      expect((await peers.redis.lrange(key, 0, -1)).map(Number).sort((a, b) => a - b)).toEqual(numbers);
      const again = await who.sendMany([[key, 1]], { queue });
      const next = await peers.startTypescript({ queues: [queue] });
      try {
        expect(await again[0]?.get(WAIT)).toBe("typescript");
      } finally {
        await next.stop();
      }
    });

    it("a chain on a shared queue comes to its end, whoever executes which step", async () => {
      const queue = `interop-chain-${randomUUID().slice(0, 8)}`;
      const workers = await Promise.all([peers.startPython(queue), peers.startTypescript({ queues: [queue] })]);
      try {
        const key = randomUUID();
        const step = (n: number) => peers.app.signature("both.who", [key, n], { queue, immutable: true });
        const result = await chain(step(1), step(2), step(3), step(4)).delay();
        expect(await result.get(WAIT)).toMatch(/^(python|typescript)$/);
        expect(await peers.redis.lrange(key, 0, -1)).toEqual(["1", "2", "3", "4"]);
      } finally {
        await Promise.all(workers.map((worker) => worker.stop()));
      }
    });
  },
  { pythonWorker: false, typescriptWorker: false },
);
