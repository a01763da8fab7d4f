// The work that the pool suite has its jobs do. A driver hands it to a pool that works in the same process, and calls
// `serveJobs(conformanceWork)` in the entry module of a pool of children.
import { threadId } from "node:worker_threads";
import type { PoolOutcome, RunningJob, Work } from "../../../pool/contract.ts";

/** What a job of the suite does: its header's `do`. */
export type Errand =
  /** Gives back its body, and `value`. */
  | { readonly do: "echo"; readonly value?: unknown }
  /** The same after a turn of the event loop. */
  | { readonly do: "echo-later"; readonly value?: unknown }
  /** Throws. */
  | { readonly do: "throw"; readonly text: string; readonly later?: boolean }
  /** Says `{n: 0}`, `{n: 1}` ... and ends. */
  | { readonly do: "talk"; readonly times: number }
  /** Waits until it is aborted, and tells the reason. Says `waiting` when it does. */
  | { readonly do: "wait" }
  /** Never yields; after `ms`, where given, it ends. */
  | { readonly do: "spin"; readonly ms?: number }
  /** Dies of an exception that nobody catches. */
  | { readonly do: "die"; readonly text: string }
  | { readonly do: "exit"; readonly code: number }
  /** Leaves a rejected promise behind, and ends after a turn. */
  | { readonly do: "reject-unawaited"; readonly text: string }
  /** Keeps so much memory for ever. */
  | { readonly do: "grow"; readonly mebibytes: number };

const kept: unknown[] = [];

/** Does an {@link Errand}. Every outcome's header has `child`, which names the child uniquely. */
export const conformanceWork: Work = (job) => {
  // The suite writes the headers.
  const errand = job.header as unknown as Errand;
  switch (errand.do) {
    case "echo":
      return ended({ value: errand.value }, job.body);
    case "echo-later":
      return nextTurn().then(() => ended({ value: errand.value }, job.body));
    case "throw":
      if (errand.later) return Promise.reject(new Error(errand.text));
      throw new Error(errand.text);
    case "talk":
      return talk(job, errand.times);
    case "wait":
      return waitForAbort(job);
    case "spin":
      return spin(errand.ms ?? Infinity);
    case "die":
      setImmediate(() => {
        throw new Error(errand.text);
      });
      return new Promise(() => {});
    case "exit":
      process.exit(errand.code);
      break;
    case "reject-unawaited":
      void Promise.reject(new Error(errand.text));
      return nextTurn().then(() => ended({}));
    case "grow":
      for (let i = 0; i < errand.mebibytes * 8; i++) kept.push(Array.from({ length: 16 * 1024 }, () => i));
      return ended({});
  }
  throw new Error(`the suite knows no errand ${JSON.stringify(job.header)}`);
};

function ended(header: Record<string, unknown>, body?: string | Uint8Array): PoolOutcome {
  return { header: { ...header, child: `${process.pid}.${threadId}` }, body };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function talk(job: RunningJob, times: number): PoolOutcome {
  for (let n = 0; n < times; n++) job.send({ n });
  return ended({});
}

async function waitForAbort(job: RunningJob): Promise<PoolOutcome> {
  const { signal } = job;
  await new Promise<void>((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener("abort", () => resolve(), { once: true });
    job.send({ waiting: true });
  });
  const reason: unknown = signal.reason;
  return ended(reason instanceof Error ? { name: reason.name, message: reason.message } : { name: typeof reason, message: String(reason) });
}

function spin(ms: number): PoolOutcome {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return ended({});
}
