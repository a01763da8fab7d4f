import { setTimeout as sleep } from "node:timers/promises";

/** Resolves when the condition holds: for what only another process does. Rejects with what was waited for after the deadline. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain for: ${what}`);
    await sleep(20);
  }
}
