// Types only: whether one step can follow another. A join is one test, `[Previous] extends TAKES`: not distributive, so that
// `string | number` into `string` fails as it should. A step that does not fit is faulted where it stands, with an error that is readable
// because each of the interfaces below clashes on a property that every step has. (An extra property would print "is missing in type".)
import type { List } from "./partial-arguments.ts";
import type { RESULT, Step, TAKES } from "./step.ts";

/** The error of a step that cannot take the result of the one before. Given: that result. Wants: the leading arguments that the step still takes. */
export interface StepCannotTake<_Given, _Text, _Wants> {
  readonly [TAKES]: "the step cannot take the result of the step before";
  readonly [RESULT]: never;
}

/** The error of a step that has all its arguments already: use `.si()`, or leave one out. */
export interface StepIsFull<_Given, _Text> {
  readonly [TAKES]: "the step has all its arguments: use .si(), or leave one out";
  readonly [RESULT]: never;
}

/** The step itself where it can come after something that gives `Given`, else a named error. */
export type After<Given, S extends Step> = [Given] extends S[typeof TAKES]
  ? S
  : [S[typeof TAKES]] extends [readonly []]
    ? StepIsFull<Given, "needs .si()">
    : StepCannotTake<Given, "expected", S[typeof TAKES]>;

/**
 * One entry a step. `[0, ...S][I]` is the step before `S[I]`, since putting one in front moves all indexes by one.
 * Homomorphic over S, so that it stays a tuple and each error lands on the argument at fault.
 */
export type Checked<S extends readonly Step[]> = {
  [I in keyof S]: [0, ...S][I & keyof [0, ...S]] extends infer Before extends Step ? After<Before[typeof RESULT], S[I]> : S[I];
};

/** The last step. */
export type Last<S extends List> = S extends readonly [...List, infer L] ? L : S[number];

/** What a step gives once done. */
export type ResultOf<S> = S extends { readonly [RESULT]: infer R } ? R : never;

/** The leading arguments that a step still takes. */
export type TakesOf<S extends Step> = S[typeof TAKES];
