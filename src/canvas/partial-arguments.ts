// Types only: which arguments a partial call may be given, and which it then still needs.
// A signature remembers TAKES, the union of leading argument lists that it still accepts, so that a chain is checked neighbour against
// neighbour with no recursion over its steps.

/** Any list of arguments. The element must be `any`: parameter lists are compared in both directions. */
// oxlint-disable-next-line typescript/no-explicit-any -- see above
export type List = readonly any[];

/** Any function. */
// oxlint-disable-next-line typescript/no-explicit-any -- the constraint that every function meets
export type AnyFunction = (...args: any) => any;

/** Whether a list has no fixed front: `number[]`, not `[x: number, ...number[]]`. */
export type IsOpen<P extends List> = P[number][] extends P ? true : false;

/** Every end of a parameter list, the whole and the empty one included: what `.s()` may be given. */
export type LastArgumentsOf<P extends List> =
  | P
  | (IsOpen<P> extends true
      ? []
      : P extends readonly []
        ? []
        : P extends readonly [_?: unknown, ...rest: infer T]
          ? LastArgumentsOf<T>
          : []);

/** The first element of a list as a list of one; its label survives where no rest parameter follows. */
type Head<P extends List> =
  Required<P> extends readonly [infer E, ...infer T]
    ? number extends T["length"]
      ? [E]
      : Required<P> extends readonly [...infer H, ...T]
        ? H
        : [E]
    : [];

/**
 * The union of leading lists L for which `[...L, ...A]` is a valid argument list of P.
 * Walks P from the left and asks at each place whether A fits what is left there.
 */
export type Missing<P extends List, A extends List, L extends List = []> =
  IsOpen<P> extends true
    ? A extends P
      ? [...L, ...P]
      : never
    :
        | (A extends P ? L : never)
        | (P extends readonly [] ? never : P extends readonly [_?: unknown, ...rest: infer T] ? Missing<T, A, [...L, ...Head<P>]> : never);

/** What a call is given: the missing list, or nothing where all of it is immutable. */
export type Lead<Takes> = unknown extends Takes ? [] : Takes extends List ? Takes : never;
