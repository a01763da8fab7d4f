import { describe, expect, it } from "vitest";
import type { Delivery, Settlement } from "../broker/contract.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { ACK, GIVE_BACK } from "./fate.ts";
import { type Settleable, Settlements, type SettlingConnection } from "./settlements.ts";

function of(id: string, connection: number): Settleable {
  return { taskId: id, name: "t", connection, settled: false, delivery: { tag: id, queue: "q" } as Delivery };
}

class Connection implements SettlingConnection {
  readonly delay = true;
  readonly deliveriesSurviveReconnect: boolean;
  readonly told: string[] = [];
  answer: (told: string) => Promise<boolean> = () => Promise.resolve(true);

  constructor(survive: boolean) {
    this.deliveriesSurviveReconnect = survive;
  }

  settle(delivery: Delivery, settlement: Settlement): Promise<boolean> {
    return this.#tell(`${settlement.kind} ${delivery.tag}`);
  }

  deadLetter(delivery: Delivery, { reason, detail }: { readonly reason: string; readonly detail: string }): Promise<boolean> {
    return this.#tell(`dead ${delivery.tag} ${reason} ${detail}`);
  }

  #tell(what: string): Promise<boolean> {
    this.told.push(what);
    return this.answer(what);
  }
}

function setUp(survive = true) {
  const lines: string[] = [];
  const clock = new FakeClock();
  const logger: Logger = { ...silentLogger, warn: (_fields, message) => void lines.push(message ?? "") };
  const settlements = new Settlements({ logger, clock });
  const connection = new Connection(survive);
  settlements.attach(connection);
  return { settlements, connection, clock, lines };
}

describe("settlements", () => {
  it("tells the broker how a delivery ended, once", async () => {
    const { settlements, connection } = setUp();
    const one = of("1", 1);
    settlements.end(one, ACK);
    settlements.end(one, GIVE_BACK);
    settlements.end(of("2", 1), { kind: "dead-letter", reason: "rejected", detail: "no" });
    await settlements.drained();
    expect(connection.told).toEqual(["ack 1", "dead 2 rejected no"]);
  });
  it("says so where the delivery was not ours any more", async () => {
    const { settlements, connection, lines } = setUp();
    connection.answer = () => Promise.resolve(false);
    settlements.end(of("1", 1), ACK);
    await settlements.drained();
    expect(lines).toEqual([expect.stringContaining("no longer ours")]);
  });
  it("keeps what it could not tell for the next connection, where deliveries survive one", async () => {
    const { settlements } = setUp();
    settlements.detach();
    settlements.end(of("1", 1), ACK);
    const next = new Connection(true);
    settlements.attach(next);
    await settlements.drained();
    expect(next.told).toEqual(["ack 1"]);
  });
  it("drops what came by a lost connection, where deliveries do not survive one", async () => {
    const { settlements } = setUp(false);
    settlements.detach();
    settlements.end(of("1", 1), ACK);
    const next = new Connection(false);
    settlements.attach(next);
    settlements.end(of("2", 1), ACK);
    settlements.end(of("3", settlements.connectionNumber), ACK);
    await settlements.drained();
    expect(next.told).toEqual(["ack 3"]);
  });
  it("tells again what the broker failed to take", async () => {
    const { settlements, connection, clock } = setUp();
    let tries = 0;
    connection.answer = () => (++tries === 1 ? Promise.reject(new Error("disk full")) : Promise.resolve(true));
    settlements.end(of("1", 1), ACK);
    const drained = settlements.drained();
    await Promise.resolve();
    await Promise.resolve();
    await clock.advance(1000);
    await drained;
    expect(connection.told).toEqual(["ack 1", "ack 1"]);
  });
  it("does not wait for a broker that is gone", async () => {
    const { settlements, connection } = setUp();
    connection.answer = () => new Promise(() => {});
    settlements.detach();
    settlements.end(of("1", 1), ACK);
    await settlements.drained();
    expect(connection.told).toEqual([]);
  });
});
