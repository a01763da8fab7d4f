// Types only: the two phantom properties by which signatures are checked against each other.

/** Phantom key: the union of leading argument lists that a signature still takes. Exported so that declaration files can name it. */
export declare const TAKES: unique symbol;
/** Phantom key: what a signature gives once done, awaited. */
export declare const RESULT: unique symbol;

/** Any step of a workflow. Only the phantoms are looked at, so that no method makes comparing costly. */
export interface Step {
  readonly [TAKES]: unknown;
  readonly [RESULT]: unknown;
}
