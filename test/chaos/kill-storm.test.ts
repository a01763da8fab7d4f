import { expect, it } from "vitest";
import { runKillStorm } from "./kill-storm.ts";

it("runs every task to its end while children, workers and whole process groups are killed", { timeout: 240_000 }, async () => {
  const seed = Number(process.env["STORM_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`kill storm: STORM_SEED=${seed}`);
  const report = await runKillStorm({ tasks: 600, kills: 9, workers: 3, seed, stallMs: 60_000 });
  console.log(`kill storm: ${JSON.stringify(report)}`);
  expect(report.lost).toEqual([]);
  expect(report.succeeded).toBe(report.tasks);
  expect(report.interrupted).toBeGreaterThan(0);
});
