// What a program does with the messages that workers gave up.
import { describe, expect, it } from "vitest";
import { deadLetter, redriveDead } from "../../src/broker/dead-letter.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";
import { take, testApp } from "../support/app.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

async function withDead(count: number, queue = "celery") {
  const clock = new FakeClock(NOW);
  const app = testApp({}, { clock });
  const broker = await app.connections.broker("read");
  const giveUp = async (id: string): Promise<void> => {
    await app.sendTask("t", [id], { taskId: id, queue });
    const delivery = await broker.get(queue);
    if (!delivery) throw new Error(`the queue ${queue} is empty`);
    await deadLetter(broker, delivery, { reason: "rejected", detail: "no thanks" });
  };
  for (let i = 0; i < count; i++) await giveUp(`id-${i}`);
  return { app, broker, giveUp, clock };
}

describe("the dead letters of an app", () => {
  it("are listed up to a limit, counted and shown; the default queue's where none is named", async () => {
    const { app } = await withDead(3);
    expect(await app.deadLetters.list({ limit: 2 })).toMatchObject([
      { id: "id-0" },
      { id: "id-1", reason: "rejected", detail: "no thanks" },
    ]);
    expect([await app.deadLetters.count(), await app.deadLetters.count({ queue: "other" })]).toEqual([3, 0]);
    expect(await app.deadLetters.show("id-2")).toMatchObject({ id: "id-2", task: "t" });
    expect(await app.deadLetters.show("nobody")).toBeUndefined();
  });

  it("go back to the queue that they came from, by their ids or all, and are removed", async () => {
    const { app } = await withDead(3, "slow");
    const slow = { queue: "slow" };
    expect(await app.deadLetters.redrive({ ids: ["id-1"] }, slow)).toBe(1);
    expect((await take(app, "slow")).headers["id"]).toBe("id-1");
    await expect(app.deadLetters.redrive({ ids: ["id-1"] }, slow)).rejects.toMatchObject({ code: "CELERIAC_DEAD_LETTER_NOT_FOUND" });
    expect(await app.deadLetters.redrive({ all: true }, slow)).toBe(2);
    expect(await app.deadLetters.redrive({ all: true }, slow)).toBe(0);
    expect([(await take(app, "slow")).headers["id"], (await take(app, "slow")).headers["id"]]).toEqual(["id-0", "id-2"]);
    const { app: other } = await withDead(2);
    expect([await other.deadLetters.purge(), await other.deadLetters.count()]).toEqual([2, 0]);
  });

  it("that are given up after a time stay, where only those before it are to be sent back", async () => {
    const { app, broker, giveUp, clock } = await withDead(2);
    await clock.advance(1);
    await giveUp("later");
    expect(await redriveDead(broker, "celery", { all: true, diedBefore: new Date(NOW) })).toBe(2);
    expect((await app.deadLetters.list()).map(({ id }) => id)).toEqual(["later"]);
  });
});
