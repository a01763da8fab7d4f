// Processes of both kinds are killed at random moments; whatever was confirmed must be done. The seed decides who is killed and when;
// SQLITE_STORM_SEED repeats one, SQLITE_STORM_KILLS makes it longer.
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBrokerDriver } from "../../../src/brokers/sqlite/index.ts";
import { Site, until } from "./children.ts";

let site: Site;
beforeEach(() => {
  site = new Site();
});
afterEach(() => site.close());

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

it("does all that was confirmed though workers and producers are killed at any moment", async () => {
  const seed = Number(process.env["SQLITE_STORM_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const kills = Number(process.env["SQLITE_STORM_KILLS"] ?? 15);
  const random = randomOf(seed);
  const roles = ["worker", "worker", "worker", "producer", "producer"];
  let started = 0;
  const children = await Promise.all(roles.map((role) => site.start(role, `p${started++}`)));
  for (let kill = 0; kill < kills; kill++) {
    await new Promise((resolve) => setTimeout(resolve, random() * 80)); // what is tested is that the moment does not matter
    const at = Math.floor(random() * roles.length);
    await children[at]?.kill("SIGKILL");
    children[at] = await site.start(roles[at] ?? "worker", `p${started++}`);
  }
  await Promise.all(children.slice(3).map((producer) => producer.kill("SIGKILL")));
  const connection = await createBrokerDriver().open({ url: site.url, options: {}, onLost: () => {} });
  const sent = new Set(site.noted("sent").flatMap((line) => line.split(" ")));
  const missing = (): string[] => {
    const done = new Set(site.noted("did"));
    return [...sent].filter((body) => !done.has(body));
  };
  await until(() => missing().length === 0, `all of ${sent.size} confirmed messages to be done (seed ${seed})`, 30_000);
  await until(async () => (await connection.queueInfo("q"))?.messages === 0, "the emptiness of the queue");
  await connection.close();
  const done = site.noted("did");
  const lost = missing();
  process.stdout.write(`storm: seed ${seed}, kills ${kills}, confirmed ${sent.size}, executions ${done.length}, lost ${lost.length}\n`);
  expect(lost).toEqual([]);
  expect(sent.size).toBeGreaterThan(50);
}, 120_000);
