// Results as messages (`rpc://`), between an app that sends tasks and another that executes them, over the broker in memory.
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chain } from "../../../src/index.ts";
import { Worker } from "../../../src/worker/worker.ts";
import { CollectingLogger } from "../../support/collecting-logger.ts";
import { makeApp } from "../../support/worker-tasks.ts";

type Tasks = ReturnType<typeof makeApp>;

const get = { timeout: 10 } as const;
let url: string;
let client: Tasks;
let other: Tasks;
let worker: Worker;

beforeEach(async () => {
  url = `memory://${randomUUID()}`;
  [client, other] = [makeApp({ broker: url, resultBackend: "rpc://" }), makeApp({ broker: url, resultBackend: "rpc://" })];
  worker = new Worker(other.app, { pool: "async", hostname: "w@test", logger: new CollectingLogger() });
  await worker.start();
});

afterEach(async () => {
  await worker.stop();
  await client.app.close();
  await other.app.close();
});

describe("the rpc:// backend", () => {
  it("brings values and errors to the app that sent the task", async () => {
    expect(await (await client.add.delay(2, 3)).get(get)).toBe(5);
    await expect((await client.boom.delay("broken")).get(get)).rejects.toThrow("broken");
    const results = await Promise.all(Array.from({ length: 200 }, (_, i) => client.add.delay(i, 1)));
    expect(await Promise.all(results.map((result) => result.get(get)))).toEqual(results.map((_, i) => i + 1));
  });

  it("keeps what came before somebody asked, and gives it as often as it is asked", async () => {
    const result = await client.add.delay(2, 3);
    await expect.poll(() => result.state()).toBe("SUCCESS");
    expect(await result.get(get)).toBe(5);
    expect(await result.get(get)).toBe(5);
    await result.forget();
    expect(await result.state()).toBe("PENDING");
  });

  it("does not give a result to an app that has not sent the task", async () => {
    const result = await client.add.delay(2, 3);
    expect(await result.get(get)).toBe(5);
    expect(await other.app.AsyncResult(result.id).state()).toBe("PENDING");
  });

  it("brings the results of all members of a chain to the one who sent it", async () => {
    const last = await chain(client.add.s(1, 2), client.double.s()).delay();
    expect(await last.get(get)).toBe(6);
    expect(await last.parent?.get(get)).toBe(3);
  });

  it("refuses a chord with a sentence", async () => {
    const backend = await client.app.connections.backend();
    await expect(backend.chords.setSize("g", 2)).rejects.toThrow(/starting a chord needs .* count the members of a chord, and rpc cannot/);
  });

  it("sends nothing where the result is ignored, or where the sender does not say where he waits", async () => {
    const broker = await client.app.connections.broker("write");
    const { id } = await client.noop.delay();
    expect(await (await client.add.delay(1, 1)).get(get)).toBe(2);
    expect(await client.app.AsyncResult(id).state()).toBe("PENDING");
    const backend = await other.app.connections.backend();
    await backend.store({ taskId: "a", status: "SUCCESS", document: "{}" });
    expect((await broker.queueInfo("celery"))?.messages).toBe(0);
  });

  it("goes on when the reply queue is deleted while somebody waits", async () => {
    const broker = await client.app.connections.broker("write");
    expect(await (await client.add.delay(1, 1)).get(get)).toBe(2);
    const waiting = client.app.AsyncResult("of-another-program").get({ timeout: 10 });
    const refused = expect(waiting).rejects.toThrow("closed");
    await broker.deleteQueue(client.app.oid);
    await expect.poll(async () => (await broker.queueInfo(client.app.oid))?.consumers).toBe(1);
    expect(await (await client.add.delay(2, 2)).get(get)).toBe(4);
    await client.app.close();
    await refused;
  });
});
