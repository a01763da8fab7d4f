import { BrokerError, CeleriacError } from "../errors/celeriac-error.ts";
import { maskUrl } from "../util/mask-url.ts";
import type { BrokerDriver } from "./contract.ts";

/** Turns whatever a driver threw into an error of ours, with the original as its cause. Errors of ours stay as they are. */
export function normaliseBrokerError(driver: BrokerDriver, url: string, operation: string, error: unknown): CeleriacError {
  if (error instanceof CeleriacError) return error;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const options = { cause: error };
  switch (driver.classifyError?.(error) ?? "unavailable") {
    case "unavailable":
      return new BrokerError("CELERIAC_BROKER_UNAVAILABLE", { url: maskUrl(url), reason }, options);
    case "lost":
      return new BrokerError("CELERIAC_BROKER_LOST", { url: maskUrl(url), reason }, options);
    case "refused":
      return new BrokerError("CELERIAC_BROKER_REFUSED", { operation, reason }, options);
  }
}
