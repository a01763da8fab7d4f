import type { CeleriacApp } from "./celeriac.ts";

const APP: unique symbol = Symbol.for("celeriac.app") as never;

/** Marks a value as an app, for this and every other copy of the package in the process. */
export function brandAsApp(app: object): void {
  Object.defineProperty(app, APP, { value: true });
}

/** Whether a value is an app, of this or another copy of the package. */
export function isCeleriacApp(value: unknown): value is CeleriacApp {
  return typeof value === "object" && value !== null && APP in value;
}
