import { describe, expect, it } from "vitest";
import type { Delivery, Settlement } from "../broker/contract.ts";
import type { BuiltMessage } from "../execution/execution-host.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { Conclusions, type StateEntry } from "./conclusions.ts";
import { ACK } from "./fate.ts";
import { type Settleable, Settlements } from "./settlements.ts";

const of = (id: string, replyTo?: string): Settleable => {
  const delivery = { tag: id, properties: replyTo === undefined ? {} : { replyTo } } as Delivery;
  return { taskId: id, name: "t", connection: 1, settled: false, delivery };
};
const message = (body: string): BuiltMessage => ({ body }) as BuiltMessage;

function setUp() {
  const events: string[] = [];
  const replies: (string | undefined)[] = [];
  const lines: string[] = [];
  const failing = { publish: new Set<string>(), store: new Set<string>() };
  const clock = new FakeClock(1000);
  const write = (_fields: object, line?: string): void => void lines.push(line ?? "");
  const logger: Logger = { ...silentLogger, warn: write, error: write };
  const settlements = new Settlements({ logger, clock });
  settlements.attach({
    deliveriesSurviveReconnect: true,
    delay: true,
    settle(delivery, settlement: Settlement) {
      events.push(`${settlement.kind} ${delivery.tag}`);
      return Promise.resolve(true);
    },
    deadLetter: () => Promise.resolve(true),
  });
  const refuse = (bad: ReadonlySet<string>, given: readonly string[]): Promise<void> | undefined =>
    given.some((one) => bad.has(one)) ? Promise.reject(new Error("refused")) : undefined;
  const conclusions = new Conclusions({
    settlements,
    logger,
    clock,
    async publish(messages) {
      const bodies = messages.map(({ body }) => String(body));
      await refuse(failing.publish, bodies);
      events.push(`publish ${bodies.join(",")}`);
    },
    async store(entries: readonly StateEntry[]) {
      const documents = entries.map(({ document }) => String(document));
      await refuse(failing.store, documents);
      events.push(`store ${documents.join(",")}`);
      replies.push(...entries.map(({ replyTo }) => replyTo));
    },
  });
  return { conclusions, events, replies, lines, failing };
}

describe("what follows the end of a task", () => {
  it("is published, then stored, then settled", async () => {
    const { conclusions, events } = setUp();
    conclusions.end(of("1"), { state: "SUCCESS", runtime: 0, messages: [message("next")], document: "done" }, ACK);
    await conclusions.drained();
    expect(events).toEqual(["publish next", "store done", "ack 1"]);
  });
  it("is settled at once where there is nothing to publish or store", () => {
    const { conclusions, events } = setUp();
    conclusions.end(of("1"), { state: "SUCCESS", runtime: 0 }, ACK);
    expect(events).toEqual(["ack 1"]);
  });
  it("is carried out together for tasks that end in one turn", async () => {
    const { conclusions, events } = setUp();
    conclusions.end(of("1"), { state: "SUCCESS", runtime: 0, document: "a" }, ACK);
    conclusions.end(of("2"), { state: "FAILURE", runtime: 0, document: "b", alsoFailed: [{ taskId: "3", document: "c" }] }, ACK);
    await conclusions.drained();
    expect(events).toEqual(["store a,b,c", "ack 1", "ack 2"]);
  });
  it("says of every state where the sender of the task waits for it, of failed members of its chain too", async () => {
    const { conclusions, replies } = setUp();
    conclusions.state(of("1", "there"), "STARTED", "started");
    conclusions.end(of("1", "there"), { state: "FAILURE", runtime: 0, document: "a", alsoFailed: [{ taskId: "2", document: "b" }] }, ACK);
    conclusions.end(of("3"), { state: "SUCCESS", runtime: 0, document: "c" }, ACK);
    await conclusions.drained();
    expect(replies).toEqual(["there", "there", "there", undefined]);
  });
  it("stores the states that a task had on its way before its last one", async () => {
    const { conclusions, events } = setUp();
    const one = of("1");
    conclusions.state(one, "STARTED", "started");
    conclusions.state(one, "PROGRESS", "half");
    conclusions.end(one, { state: "SUCCESS", runtime: 0, document: "done" }, ACK);
    await conclusions.drained();
    expect(events).toEqual(["store started,half,done", "ack 1"]);
  });
  it("gives a message back, and says so, where its state cannot be stored, and spares the others", async () => {
    const { conclusions, events, lines, failing } = setUp();
    failing.store.add("bad");
    conclusions.end(of("1"), { state: "SUCCESS", runtime: 0, document: "good", messages: [message("next")] }, ACK);
    conclusions.end(of("2"), { state: "SUCCESS", runtime: 0, document: "bad" }, ACK);
    await conclusions.drained();
    expect(events).toEqual(["publish next", "store good", "ack 1", "requeue 2"]);
    expect(lines).toEqual([expect.stringMatching(/t\[2\] ended, but its state SUCCESS could not be stored: its message goes back/)]);
  });
  it("gives a message back where what follows cannot be sent, and stores nothing for it", async () => {
    const { conclusions, events, lines, failing } = setUp();
    failing.publish.add("next");
    conclusions.end(of("1"), { state: "SUCCESS", runtime: 0, messages: [message("next")], document: "done" }, ACK);
    await conclusions.drained();
    expect(events).toEqual(["requeue 1"]);
    expect(lines).toEqual([expect.stringContaining("what follows it could not be sent")]);
  });
});
