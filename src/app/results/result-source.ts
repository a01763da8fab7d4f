import type { Backend } from "../../backend/backend.ts";
import type { ErrorClasses } from "../../protocol/error-classes.ts";

/** Where results are read from: the part of an app that handles of results hold. */
export interface ResultSource {
  backend(): Promise<Backend>;
  readonly errorClasses: ErrorClasses;
}
