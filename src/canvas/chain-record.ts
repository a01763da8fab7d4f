// The record of a chain, flattened as Celery's `|` does it: a chain within a chain gives its steps, its callbacks move to its last step,
// its errbacks to each of its steps.
import { UsageError } from "../errors/celeriac-error.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import { linksOf, withLinks } from "./links.ts";
import { toRecord } from "./signature-record-of.ts";

/** Name of the task that stands for a chain in its signature. */
export const CHAIN_TASK = "celery.chain";

/** Whether a signature is a chain. */
export function isChain(record: SignatureRecord): boolean {
  return record.subtask_type === "chain" || record.task === CHAIN_TASK;
}

/** The steps of a chain, in the order of their execution. */
export function chainSteps(record: SignatureRecord): readonly SignatureRecord[] {
  const tasks: unknown = record.kwargs["tasks"];
  return Array.isArray(tasks) ? tasks.map(toRecord) : [];
}

/** One flat chain of these signatures. */
export function chainRecord(steps: readonly SignatureRecord[]): SignatureRecord {
  if (steps.length === 0) throw new UsageError("CELERIAC_CANVAS", { problem: "a chain needs at least one step, got none" });
  return { task: CHAIN_TASK, args: [], kwargs: { tasks: steps.flatMap(spliced) }, options: {}, subtask_type: "chain", immutable: false };
}

function spliced(step: SignatureRecord): readonly SignatureRecord[] {
  const record = toRecord(step);
  if (!isChain(record)) return [record];
  const inner = chainSteps(record);
  const callbacks = linksOf(record, "link");
  const errbacks = linksOf(record, "link_error");
  return inner.map((each, i) => withLinks(i === inner.length - 1 ? withLinks(each, "link", callbacks) : each, "link_error", errbacks));
}
