import { chainRecord } from "./chain-record.ts";
import type { Checked, Last, ResultOf } from "./joins.ts";
import type { Signature } from "./signature.ts";
import { SignatureNode } from "./signature-node.ts";
import { toRecord } from "./signature-record-of.ts";
import type { Step, TAKES } from "./step.ts";

/**
 * One after the other: each step is called with the result of the one before, put before its own arguments.
 * Does not compile where a step cannot take it. The result is that of the last step; its `parent` is the step before.
 */
export function chain<const S extends readonly [Step, ...Step[]]>(...steps: Checked<S>): Signature<S[0][typeof TAKES], ResultOf<Last<S>>> {
  const given = takenFrom(steps);
  const sender = given.map((step) => SignatureNode.senderOf(step)).find((each) => each !== undefined);
  // The node is every signature's class; what it takes and gives is known to the type system only.
  return new SignatureNode(chainRecord(given.map(toRecord)), sender) as unknown as Signature<S[0][typeof TAKES], ResultOf<Last<S>>>;
}

/** Steps are given one by one, or, from untyped code, as one iterable. */
function takenFrom(steps: readonly unknown[]): readonly unknown[] {
  const [only] = steps;
  const iterable = steps.length === 1 && typeof only === "object" && only !== null && Symbol.iterator in only;
  return iterable ? [...(only as Iterable<unknown>)] : steps;
}
