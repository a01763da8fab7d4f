/** How much is still usable after an error: the class an application catches. */
export type ErrorFamily = "config" | "usage" | "serialization" | "broker" | "backend" | "task" | "pool" | "worker";

/** One row of the error table: its family, whether trying again may help, and its sentence. */
export interface CodeRow<Details> {
  readonly family: ErrorFamily;
  readonly retryable: boolean;
  readonly message: (details: Details) => string;
}
