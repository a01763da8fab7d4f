// What the chapters of the broker suite share: the namespace of the running test, its connections, consumers that remember what they got,
// waiting with a deadline, and skips with a reason. No test sleeps: it waits for deliveries, or moves the clock of the harness.
import assert from "node:assert/strict";
import type { BrokerCapabilities, BrokerDriver, ConsumeParams, DriverConnection } from "../../../broker/contract.ts";
import type { TestRunner } from "../test-runner.ts";
import { type Collector, createCollector } from "./collector.ts";

/** One empty broker, or a namespace of one that nobody else uses, made for one test. */
export interface BrokerHarness {
  /** Where it is. */
  readonly url: string;
  /** What connections to it are opened with. @default {} */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Ends a connection as the death of its process would: nothing is given back in good order. Left out where that cannot be done within one process. */
  crash?(connection: DriverConnection): Promise<void> | void;
  /** Moves the clock that the broker expires and delays by. Left out where that is the real one: then short times are waited for. */
  advance?(milliseconds: number): Promise<void> | void;
  /** The time by that clock, in milliseconds since 1970. A harness with `advance` must have it. @default the system's */
  now?(): number;
  /** Removes what was made. Called after its connections were closed. */
  close(): Promise<void>;
}

/** What the broker suite is given. */
export interface BrokerConformanceOptions extends TestRunner {
  readonly driver: BrokerDriver;
  /** Makes an empty broker for the next test. */
  createHarness(): Promise<BrokerHarness>;
  /** Longest wait for something that must happen, in milliseconds. @default 10000 */
  readonly patienceMs?: number;
  /** How many messages the storm sends. @default 5000 */
  readonly stormMessages?: number;
  /** Where the reasons of skips are printed. @default standard error */
  readonly print?: (line: string) => void;
}

/** The running suite, as chapters see it. */
export interface BrokerSuite extends TestRunner {
  readonly driver: BrokerDriver;
  readonly patienceMs: number;
  readonly stormMessages: number;
  /** The broker of the running test. */
  harness(): BrokerHarness;
  /** Opens one more connection; it is closed after the test. */
  connect(): Promise<DriverConnection>;
  /** Consumes and remembers what came. */
  collect(connection: DriverConnection, queues: readonly string[], params?: Partial<ConsumeParams>): Promise<Collector>;
  /** A test that runs only where the driver has a capability, or has not; else it is skipped and the reason printed. */
  itWhere(capability: keyof BrokerCapabilities, wanted: boolean, reason: string, title: string, run: () => Promise<void>): void;
  /** Ends a connection as the death of its process would. */
  crash(connection: DriverConnection): Promise<void>;
  /** Whether the harness can crash a connection; prints why a test does nothing where not. */
  canCrash(title: string): boolean;
  /** Resolves as the promise does; fails with `what` when that takes too long. */
  within<T>(promise: Promise<T>, what: string): Promise<T>;
  /** Lets this much of the broker's time pass: by its clock, or by waiting. */
  pass(milliseconds: number): Promise<void>;
  /** The broker's time, in milliseconds since 1970. */
  now(): number;
  /** Asks again until the condition holds; fails with `what` when that takes too long. */
  eventually(condition: () => Promise<boolean> | boolean, what: string): Promise<void>;
  /** Gives everything that is under way through this connection the time to arrive, by going to the broker and back some times. */
  settleDown(connection: DriverConnection): Promise<void>;
}

/** Fails unless the promise rejects; gives what it rejected with. A throw in place of a promise fails too. */
export async function rejection(call: () => Promise<unknown>, what: string): Promise<Error> {
  let promise: Promise<unknown>;
  try {
    promise = call();
  } catch (error) {
    assert.fail(`${what} threw in place of rejecting: ${String(error)}`);
  }
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  assert.ok(outcome, `${what} was expected to reject and did not`);
  assert.ok(outcome.error instanceof Error, `${what} was expected to reject with an Error, got: ${String(outcome.error)}`);
  return outcome.error;
}

/** Prepares the suite: an empty broker before each test, its connections closed and the broker gone after it. */
export function createBrokerSuite(options: BrokerConformanceOptions): BrokerSuite {
  const { driver, patienceMs = 10_000, stormMessages = 5000, print = (line: string) => void process.stderr.write(`${line}\n`) } = options;
  let current: BrokerHarness | undefined;
  let connections: DriverConnection[] = [];
  const harness = (): BrokerHarness => current ?? assert.fail("no test is running");
  options.beforeEach(async () => {
    current = await options.createHarness();
  });
  options.afterEach(async () => {
    const [opened, made] = [connections, current];
    [connections, current] = [[], undefined];
    try {
      await Promise.all(opened.map((connection) => connection.close()));
    } finally {
      await made?.close();
    }
  });
  return {
    describe: options.describe,
    it: options.it,
    beforeEach: options.beforeEach,
    afterEach: options.afterEach,
    driver,
    patienceMs,
    stormMessages,
    harness,
    connect: async () => {
      const connection = await openOn(driver, harness());
      connections.push(connection);
      return connection;
    },
    collect: (connection, queues, params) => createCollector(connection, queues, params, patienceMs),
    itWhere(capability, wanted, reason, title, run) {
      if ((driver.capabilities[capability] ?? false) === wanted) {
        options.it(title, run);
        return;
      }
      const why = `the capability ${capability} of ${driver.name} is ${String(!wanted)}: ${reason}`;
      print(`skipped: ${title} (${why})`);
      options.it.skip(`${title} (${why})`, run);
    },
    crash: async (connection) => {
      const { crash } = harness();
      assert.ok(crash, "this harness cannot crash a connection");
      await crash.call(harness(), connection);
      connections = connections.filter((at) => at !== connection);
    },
    canCrash(title) {
      if (harness().crash !== undefined) return true;
      print(
        `skipped: ${title} (the harness of ${driver.name} has no crash(): it cannot end a connection as the death of its process would)`,
      );
      return false;
    },
    within: (promise, what) => within(promise, patienceMs, what),
    pass: async (milliseconds) => {
      const made = harness();
      if (made.advance) await made.advance(milliseconds);
      else await new Promise((resolve) => setTimeout(resolve, milliseconds)); // The broker has only the real clock: see BrokerHarness.advance.
    },
    now: () => {
      const made = harness();
      assert.ok(
        made.now || !made.advance,
        "a harness with advance() must have now(): else messages are delayed by one clock and delivered by another",
      );
      return made.now?.() ?? Date.now(); // Where the harness has no clock, the broker goes by the system's.
    },
    eventually: (condition, what) => eventually(condition, patienceMs, what),
    settleDown: async (connection) => {
      for (let i = 0; i < 10; i++) {
        await connection.queueInfo("celeriac.conformance.nothing");
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Opens a connection of which the suite expects that it is not lost, unless it is crashed. */
function openOn(driver: BrokerDriver, harness: BrokerHarness): Promise<DriverConnection> {
  return driver.open({ url: harness.url, options: harness.options ?? {}, onLost: () => {} });
}

async function within<T>(promise: Promise<T>, patienceMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what} did not happen within ${patienceMs} ms` })), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function eventually(condition: () => Promise<boolean> | boolean, patienceMs: number, what: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) assert.fail(`${what} did not happen within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
