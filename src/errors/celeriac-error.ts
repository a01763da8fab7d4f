// The base of every error that Celeriac throws, and its families. `instanceof` asks a brand, not the prototype,
// so that it holds across worker threads and between two installed copies of the package.
import { type Code, codes, type DetailsOf } from "./codes.ts";

const BRANDS: unique symbol = Symbol.for("celeriac.error.brands") as never;

/** An error of Celeriac: a stable `code`, the `details` behind its sentence, and a `cause` where there is one. */
export class CeleriacError<C extends Code = Code> extends Error {
  /** Stable name of what went wrong; see docs/errors.md. */
  readonly code: C;
  /** The facts in the message, for programs. */
  readonly details: DetailsOf<C>;

  constructor(code: C, details: DetailsOf<C>, options?: ErrorOptions) {
    super((codes[code].message as (d: DetailsOf<C>) => string)(details), options);
    this.code = code;
    this.details = details;
    this.name = new.target.name;
    Object.defineProperty(this, BRANDS, { value: brandsOf(new.target) });
  }

  /** Whether the same operation may succeed when it is tried again. */
  get retryable(): boolean {
    return codes[this.code].retryable;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    const brand = Object.hasOwn(this, "brand") ? (this as unknown as { brand: string }).brand : undefined;
    if (brand === undefined) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && ((value as { [BRANDS]?: readonly string[] })[BRANDS]?.includes(brand) ?? false);
  }

  /** Name under which `instanceof` knows this class. A subclass without one of its own is matched by its prototype. */
  static readonly brand: string = "CeleriacError";
}

function brandsOf(type: object): readonly string[] {
  const brands: string[] = [];
  for (let at: object | null = type; typeof at === "function"; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, "brand")) brands.push((at as unknown as { brand: string }).brand);
  }
  return brands;
}

/** A setting, URL or set-up that cannot work; nothing was started. */
export class ConfigError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "ConfigError";
}

/** The API or the command line was used in a way that cannot work. */
export class UsageError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "UsageError";
}

/** Content that cannot be written, read or accepted. */
export class SerializationError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "SerializationError";
}

/** The broker failed or refused. What is still usable: everything after a reconnect. */
export class BrokerError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "BrokerError";
}

/** The result backend failed or refused. */
export class BackendError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "BackendError";
}

/** A task ended, or could not be sent. */
export class TaskError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "TaskError";
}

/** A pool of workers failed or was used wrongly. */
export class PoolError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "PoolError";
}

/** A worker could not be built or run. */
export class WorkerError<C extends Code = Code> extends CeleriacError<C> {
  static override readonly brand: string = "WorkerError";
}
