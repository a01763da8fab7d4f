// The refusal of mandatory publications. It remembers which they were, by identity, because calls share transactions and retries: whoever
// gets it can tell its own from those of others, and publish those alone once more.
import { BrokerError } from "../errors/celeriac-error.ts";
import type { Publication } from "./contract.ts";
import { describeTarget } from "./publication-target.ts";

const untaken = new WeakMap<object, readonly Publication[]>();

/**
 * The error for mandatory publications that no queue took. All else of their call must be published.
 * @param publications the very objects that the driver was given
 * @param meantFor names of the queues that they were meant for, where a driver's caller knows them
 */
export function noQueueTakes(
  publications: readonly Publication[],
  meantFor: readonly string[] = [],
): BrokerError<"CELERIAC_BROKER_REFUSED"> {
  const [first] = publications;
  const others = publications.length > 1 ? ` and ${publications.length - 1} more of the same call` : "";
  const error = new BrokerError("CELERIAC_BROKER_REFUSED", {
    operation: `publishing to ${describeTarget(first)}${others}`,
    reason: `no queue takes it: ${reasonOf(first, meantFor)}`,
  });
  untaken.set(error, publications);
  return error;
}

/** The publications that an error says were taken by no queue; none where it says something else. */
export function untakenBy(error: unknown): readonly Publication[] {
  return (typeof error === "object" && error !== null ? untaken.get(error) : undefined) ?? [];
}

function reasonOf(publication: Publication | undefined, meantFor: readonly string[]): string {
  if (publication === undefined || publication.exchange === "")
    return "there is no queue of that name; it may have been deleted. Declare it before, or name another";
  const not = meantFor.length > 0 ? `, not even ${meantFor.map((name) => JSON.stringify(name)).join(" or ")}` : "";
  return `none is bound to that exchange by that key${not}; correct the exchange or the routing key, or bind a queue before`;
}
