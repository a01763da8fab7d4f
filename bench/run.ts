// Runs every workload of every contestant, interleaved, each in a process and on a file of its own; prints JSON lines, then a table of medians.
// `npm run bench -- [--passes 5] [--only drain,latency]`. Peers are installed from this folder's own lockfile when they are missing.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Line, quantile } from "./measure.ts";

const here = import.meta.dirname;
const { values: options } = parseArgs({ options: { passes: { type: "string", default: "5" }, only: { type: "string", default: "" } } });
const only = options.only.split(",").filter(Boolean);

interface Entry {
  readonly contestant: "floor" | "celeriac" | "plainjob";
  readonly workload: string;
  readonly tasks: number;
  readonly memory?: boolean;
}

const entries: readonly Entry[] = [
  { contestant: "floor", workload: "enqueue-one", tasks: 5000 },
  { contestant: "celeriac", workload: "enqueue-one", tasks: 5000 },
  { contestant: "celeriac", workload: "enqueue-100", tasks: 20_000 },
  { contestant: "floor", workload: "enqueue-bulk", tasks: 100_000 },
  { contestant: "celeriac", workload: "enqueue-bulk", tasks: 100_000 },
  { contestant: "celeriac", workload: "enqueue-bulk", tasks: 100_000, memory: true },
  { contestant: "plainjob", workload: "enqueue-bulk", tasks: 100_000 },
  { contestant: "floor", workload: "drain", tasks: 100_000 },
  { contestant: "celeriac", workload: "drain", tasks: 100_000 },
  { contestant: "celeriac", workload: "drain", tasks: 100_000, memory: true },
  { contestant: "celeriac", workload: "drain-prefork", tasks: 50_000 },
  { contestant: "plainjob", workload: "drain", tasks: 20_000 },
  { contestant: "celeriac", workload: "drain-1k", tasks: 20_000 },
  { contestant: "celeriac", workload: "drain-100k", tasks: 20_000 },
  { contestant: "floor", workload: "latency", tasks: 1000 },
  { contestant: "celeriac", workload: "latency", tasks: 1000 },
  { contestant: "celeriac", workload: "memory", tasks: 100_000 },
];

if (!existsSync(path.join(here, "node_modules/plainjob")))
  spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });

const lines: Line[] = [];
for (let pass = 0; pass < Number(options.passes); pass++) {
  for (const entry of entries) {
    if (only.length > 0 && !only.some((name) => entry.workload.startsWith(name))) continue;
    const line = run(entry);
    if (line) lines.push(line);
  }
}
printTable();

function run(entry: Entry): Line | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "celeriac-bench-"));
  const file = path.join(folder, "queue.db");
  const place = entry.contestant === "celeriac" ? (entry.memory ? "memory://bench" : `sqlite://${file}`) : file;
  const args = ["--expose-gc", path.join(here, "contestants", `${entry.contestant}.ts`), entry.workload, place, String(entry.tasks)];
  const result = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 120_000 });
  rmSync(folder, { recursive: true });
  const text = result.stdout.split("\n").find((line) => line.startsWith("{"));
  if (text === undefined) {
    console.error(`${entry.contestant} ${entry.workload} gave nothing: ${result.stderr || String(result.error ?? result.status)}`);
    process.exitCode = 1;
    return undefined;
  }
  const line = { ...(JSON.parse(text) as Line), load: Number(loadavg()[0]?.toFixed(1)) };
  console.log(JSON.stringify(line));
  return line;
}

function printTable(): void {
  const groups = new Map<string, Line[]>();
  for (const line of lines)
    groups.set(`${line.workload}\t${line.contestant}`, [...(groups.get(`${line.workload}\t${line.contestant}`) ?? []), line]);
  console.log(
    `\n${"workload".padEnd(14)} ${"contestant".padEnd(18)} ${"tasks/s".padStart(9)} ${"CPU us".padStart(8)} ${"p50 ms".padStart(7)} ${"p99 ms".padStart(7)}  of the floor (rate, CPU)`,
  );
  for (const [key, group] of groups) {
    const [workload = "", contestant = ""] = key.split("\t");
    const median = (figure: string): number =>
      quantile(
        group.map((line) => Number(line[figure] ?? Number.NaN)),
        0.5,
      );
    const floor = groups.get(`${workload.replace(/-prefork|-1k|-100k/, "")}\tfloor sqlite`);
    const share = (figure: string): string =>
      floor
        ? (
            median(figure) /
            quantile(
              floor.map((line) => Number(line[figure])),
              0.5,
            )
          ).toFixed(2)
        : "-";
    const time = (figure: string): string => (Number.isNaN(median(figure)) ? "" : median(figure).toFixed(2));
    console.log(
      `${workload.padEnd(14)} ${contestant.padEnd(18)} ${Math.round(median("rate")).toString().padStart(9)} ${median("cpuMicros").toFixed(1).padStart(8)} ${time("p50").padStart(7)} ${time("p99").padStart(7)}  ${share("rate")}, ${share("cpuMicros")}`,
    );
    const heap = group[0]?.["heapKiB"];
    if (heap) console.log(`${"".padEnd(33)} heap KiB after each fifth: ${(heap as number[]).join(" ")}`);
  }
}
