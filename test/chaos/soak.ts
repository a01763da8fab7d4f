// The long form of the kill storm: `npm run soak`, with STORM_SEED to have one again.
import { runKillStorm } from "./kill-storm.ts";

const seed = Number(process.env["STORM_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`STORM_SEED=${seed}`);
const report = await runKillStorm({ tasks: 10_000, kills: 60, workers: 3, seed, stallMs: 120_000 });
console.log(JSON.stringify(report));
const killed = report.kills.child + report.kills.group + report.kills.main;
console.log(
  `kills ${killed} (${report.kills.group} of whole process groups), executions ${report.executions} (${report.interrupted} killed in the middle), losses ${report.lost.length}, seconds ${report.seconds.toFixed(1)}`,
);
process.exitCode = report.lost.length === 0 && report.succeeded === report.tasks ? 0 : 1;
