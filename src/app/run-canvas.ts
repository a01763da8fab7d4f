// From a signature to calls that can be sent. A chain is sent as its first step, which carries the others.
import { randomUUID } from "node:crypto";
import type { AsyncResult } from "../canvas/async-result.ts";
import { chainSteps } from "../canvas/chain-record.ts";
import { freezeRecord, taskIdOf } from "../canvas/freeze.ts";
import { linksOf, withLinks } from "../canvas/links.ts";
import { mergeCall } from "../canvas/merge.ts";
import { fromWireOptions, type WireOptions } from "../canvas/option-names.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { AppContext } from "./app-context.ts";
import type { TaskCall } from "./prepare-call.ts";
import { StoredResult } from "./results/stored-result.ts";
import type { ResultSource } from "./results/result-source.ts";

/** Kinds of signatures that run as several tasks and cannot be sent yet. */
const LATER: ReadonlySet<string> = new Set(["group", "chord"]);

/** A chain ready to be sent: its first step with the others in its options, and the ids of all. */
export interface PreparedChain {
  readonly first: SignatureRecord;
  /** Ids of the steps, in the order of their execution. */
  readonly ids: readonly string[];
}

/** What a chain is prepared with. */
export interface ChainOptions {
  /** What follows the chain, in reverse, where it is part of a larger one. */
  readonly rest?: readonly SignatureRecord[] | null;
  /** Where Python programs would send answers. */
  readonly replyTo?: string | undefined;
}

/** Gives every step of a chain its id and puts them into the first. */
export function prepareChain(chain: SignatureRecord, { rest = null, replyTo }: ChainOptions = {}): PreparedChain {
  const frozen = preparedSteps(chain, replyTo);
  const [first] = frozen as [SignatureRecord]; // there is at least one
  const remaining = [...(rest ?? []), ...frozen.slice(1).toReversed()];
  const ids = frozen.map((step) => taskIdOf(step) ?? randomUUID());
  if (frozen.length === 1 && rest === null) return { first, ids };
  return { first: { ...first, options: { ...first.options, chain: remaining } }, ids };
}

/**
 * The steps of a chain in the order of their execution, each with its id. Arguments and most options of the call are for the first step,
 * callbacks and the chain's own place in a group for the last, errbacks for all.
 */
export function preparedSteps(chain: SignatureRecord, replyTo?: string): readonly SignatureRecord[] {
  const steps = chainSteps(chain);
  if (steps.length === 0) throw new UsageError("CELERIAC_CANVAS", { problem: "a chain needs at least one step, got none" });
  const { link: _link, link_error: _errors, task_id: ownId, group_id, group_index, chord, ...forFirst } = chain.options;
  const errbacks = linksOf(chain, "link_error");
  const callbacks = linksOf(chain, "link");
  const lastIndex = steps.length - 1;
  return steps.map((step, i) => {
    const last = i === lastIndex;
    const placed: WireOptions = last ? defined({ task_id: ownId, group_id, group_index, chord }) : {};
    const called =
      i === 0 ? mergeCall(step, { args: chain.args, options: { ...forFirst, ...placed } }) : mergeCall(step, { options: placed });
    const linked = withLinks(last ? withLinks(called, "link", callbacks) : called, "link_error", errbacks);
    return freezeRecord(linked, i === 0 ? {} : { replyTo });
  });
}

function defined(options: Readonly<Record<string, unknown>>): WireOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The call that a plain signature stands for. @throws UsageError for those that are several tasks */
export function callOf(app: AppContext, signature: SignatureRecord): TaskCall {
  if (signature.subtask_type !== null && LATER.has(signature.subtask_type)) {
    throw new UsageError("CELERIAC_CANVAS", {
      problem: `a ${signature.subtask_type} cannot be sent by this version; expected a task or a chain`,
    });
  }
  const { task, args, kwargs } = signature;
  return { name: task, task: app.tasks.get(task), args, kwargs, options: fromWireOptions(signature.options) };
}

/** The results of a chain's steps, each with the one before as its parent; the last is given. */
export function chainResults(ids: readonly string[], source: ResultSource): AsyncResult<unknown> {
  let result: AsyncResult<unknown> | null = null;
  for (const id of ids) result = new StoredResult(id, source, result);
  if (result === null) throw new UsageError("CELERIAC_CANVAS", { problem: "a chain needs at least one step, got none" });
  return result;
}
