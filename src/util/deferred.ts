/** A promise that is settled from outside. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T | PromiseLike<T>): void;
  reject(reason: unknown): void;
}

/** Makes a promise and the two functions that settle it. */
export function createDeferred<T = void>(): Deferred<T> {
  return Promise.withResolvers<T>();
}
