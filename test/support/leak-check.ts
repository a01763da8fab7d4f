// Runs with every test file: when its tests are over, no child process, watcher, thread or socket that they opened may be left. Closing is
// asynchronous, so what is still there gets a few turns of the event loop; what stays is a leak, and fails the file.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";

/** What the runner itself has open comes and goes under other names. */
const WATCHED: ReadonlySet<string> = new Set(["ProcessWrap", "FSEventWrap", "TCPSocketWrap", "TCPServerWrap", "Worker"]);
const PATIENCE_MS = 3000;

let before: ReadonlyMap<string, number> = new Map();

beforeAll(() => {
  before = openResources();
});

afterAll(async () => {
  const deadline = performance.now() + PATIENCE_MS;
  let left = leaks();
  while (left.length > 0 && performance.now() < deadline) {
    await pause(10);
    left = leaks();
  }
  if (left.length > 0) throw new Error(`the tests of this file left something open: ${left.join(", ")}`);
});

function openResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) if (WATCHED.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function leaks(): string[] {
  return [...openResources()]
    .filter(([name, count]) => count > (before.get(name) ?? 0))
    .map(([name, count]) => `${count - (before.get(name) ?? 0)} ${name}`);
}
