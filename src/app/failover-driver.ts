// Several URLs of one kind of broker as if they were one: a connection is opened to the first that answers. The one that answered last is
// tried first the next time; where it fails, the strategy says which is next, and each has its turn once before opening fails.
import type { BrokerDriver, DriverConnection, OpenParams } from "../broker/contract.ts";
import { queryOf } from "../broker/url-query.ts";
import { CeleriacError, ConfigError } from "../errors/celeriac-error.ts";
import type { FailoverStrategy } from "../config/kinds.ts";
import type { Logger } from "../util/logger.ts";
import { maskUrl } from "../util/mask-url.ts";

/** What failing over works with. */
export interface FailoverParams {
  readonly urls: readonly string[];
  /** The setting `brokerFailoverStrategy`; null means `"round-robin"`. */
  readonly strategy: FailoverStrategy | null;
  /** The setting `brokerTransportOptions`; each URL's query stands before it. */
  readonly transportOptions: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  /** @default Math.random */
  readonly random?: () => number;
}

/** A driver that opens the first of these URLs that answers. */
export function failoverDriver(driver: BrokerDriver, params: FailoverParams): BrokerDriver {
  const sequence = sequenceOf(params);
  let current = nextUrl(sequence);
  return {
    name: driver.name,
    // Not by spreading the driver: it may be an object of a class.
    ...(driver.classifyError && { classifyError: (error: unknown) => driver.classifyError?.(error) ?? "unavailable" }),
    // What one broker delivered cannot be settled at another.
    capabilities: { ...driver.capabilities, deliveriesSurviveReconnect: false },
    async open(opening) {
      let failure: unknown;
      for (let tries = params.urls.length; tries > 0; tries--) {
        try {
          return await openOne(driver, current, params, opening);
        } catch (error) {
          // One that may pass is worth waiting for, whatever the others said.
          if (failure === undefined || !mayPass(failure)) failure = error;
          const failed = current;
          current = nextUrl(sequence);
          tellFailure(params.logger, failed, tries > 1 ? current : undefined, error);
        }
      }
      throw failure;
    },
  };
}

function openOne(driver: BrokerDriver, url: string, { transportOptions }: FailoverParams, opening: OpenParams): Promise<DriverConnection> {
  return driver.open({ ...opening, url, options: { ...transportOptions, ...queryOf(url) } });
}

function mayPass(error: unknown): boolean {
  return !(error instanceof CeleriacError) || error.retryable;
}

function tellFailure(logger: Logger, url: string, next: string | undefined, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const then = next === undefined ? "no other is left to be tried" : `${maskUrl(next)} is tried next`;
  logger.warn({ err: error, url: maskUrl(url) }, `cannot connect to the broker ${maskUrl(url)} (${reason}); ${then}`);
}

function sequenceOf({ urls, strategy, random = Math.random }: FailoverParams): Iterator<string> {
  if (typeof strategy === "function") return strategy(urls)[Symbol.iterator]();
  return strategy === "shuffle" ? shuffled(urls, random) : roundRobin(urls);
}

/** The strategy is the user's where it is a function: it may end although it must not. */
function nextUrl(sequence: Iterator<string>): string {
  const { done, value } = sequence.next();
  if (done !== true && typeof value === "string") return value;
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `expected the setting brokerFailoverStrategy to give URLs without end, got: ${done === true ? "an end" : typeof value}`,
  });
}

function* roundRobin(urls: readonly string[]): Generator<string, never> {
  for (;;) yield* urls;
}

/** In a new order each time round, so that programs do not all go to the same broker. */
function* shuffled(urls: readonly string[], random: () => number): Generator<string, never> {
  for (;;) {
    const left = [...urls];
    while (left.length > 0) yield* left.splice(Math.floor(random() * left.length), 1);
  }
}
