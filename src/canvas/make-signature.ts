import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { ApplyOptions, SignatureOptions } from "./call-options.ts";
import { refuseUnknownOptions, toWireOptions } from "./option-names.ts";
import type { Signature } from "./signature.ts";
import { SignatureNode } from "./signature-node.ts";
import { toRecord } from "./signature-record-of.ts";
import type { SignatureSender } from "./signature-sender.ts";

/**
 * A signature from its record, or from a task's name. It belongs to no app: it can be a step, a callback or an argument,
 * and is sent by an app's `signature(...)`.
 */
export function signature(
  task: string | SignatureRecord,
  args: readonly unknown[] = [],
  options: ApplyOptions & SignatureOptions = {},
): Signature<unknown[], unknown> {
  // What a named task takes and gives is not known here: any arguments, an unknown result.
  return nodeOf(task, args, options, undefined) as unknown as Signature<unknown[], unknown>;
}

/** The same for whoever can send. */
export function nodeOf(
  task: string | SignatureRecord,
  args: readonly unknown[],
  given: ApplyOptions & SignatureOptions,
  sender: SignatureSender | undefined,
): SignatureNode {
  refuseUnknownOptions(given, `a signature of ${typeof task === "string" ? task : task.task}`);
  const { kwargs = {}, immutable = false, ...options } = given;
  if (typeof task !== "string") {
    const node = new SignatureNode(toRecord(task), sender);
    return args.length === 0 && Object.keys(kwargs).length === 0 && Object.keys(options).length === 0
      ? node
      : node.clone(args, { kwargs, ...options });
  }
  return new SignatureNode({ task, args, kwargs, options: toWireOptions(options), subtask_type: null, immutable }, sender);
}
