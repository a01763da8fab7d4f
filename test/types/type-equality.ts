/** Whether two types are the same. */
export type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the type is true. */
export declare function is<_T extends true>(): void;
