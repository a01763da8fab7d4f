// What the chapters of the backend suite share: the store of the running test, its connections, waiting with a deadline, and skips with a reason.
import assert from "node:assert/strict";
import type {
  BackendCapabilities,
  BackendConnection,
  BackendDriver,
  BackendOpenParams,
  Document,
  StoreEntry,
} from "../../../backend/contract.ts";
import type { TestRunner } from "../test-runner.ts";

/** One empty store, made for one test. */
export interface BackendHarness {
  /** What connections to it are opened with. */
  readonly params: BackendOpenParams;
  /** Moves the clock that the store expires by. Left out where that is the real one: then short expiries are waited for. */
  advance?(milliseconds: number): Promise<void> | void;
  /** Removes the store. Called after its connections were closed. */
  close(): Promise<void>;
}

/** What the backend suite is given. */
export interface BackendConformanceOptions extends TestRunner {
  readonly driver: BackendDriver;
  /** Makes an empty store for the next test. */
  createHarness(): Promise<BackendHarness>;
  /** Longest wait for something that must happen, in milliseconds. @default 10000 */
  readonly patienceMs?: number;
  /** Where the reasons of skips are printed. @default standard error */
  readonly print?: (line: string) => void;
}

/** The running suite, as chapters see it. */
export interface BackendSuite extends TestRunner {
  readonly driver: BackendDriver;
  readonly patienceMs: number;
  /** The store of the running test. */
  harness(): BackendHarness;
  /** The first connection of the running test. */
  connection(): BackendConnection;
  /** Opens one more connection to the same store; it is closed after the test. */
  connect(): Promise<BackendConnection>;
  /** A test that runs only where the driver has a capability, or has not; else it is skipped and the reason printed. */
  itWhere(capability: keyof BackendCapabilities, wanted: boolean, reason: string, title: string, run: () => Promise<void>): void;
  /** Resolves as the promise does; fails with `what` when that takes too long. */
  within<T>(promise: Promise<T>, what: string): Promise<T>;
  /** Lets this much of the store's time pass: by its clock, or by waiting. */
  pass(milliseconds: number): Promise<void>;
  /** Asks again until the condition holds; fails with `what` when that takes too long. */
  eventually(condition: () => Promise<boolean> | boolean, what: string): Promise<void>;
}

/** An entry with the status and a document that nobody else has; it is kept for ever unless said. */
export function entry(
  taskId: string,
  status = "SUCCESS",
  document: Document = `${taskId} ${status}`,
  expiresMs: number | null = null,
): StoreEntry {
  return { taskId, status, document, expiresMs };
}

/** The bytes of a document, whichever form a driver gives it in. */
export function bytesOf(document: Document | undefined): Buffer {
  assert.ok(document !== undefined, "expected a document, got none");
  return typeof document === "string" ? Buffer.from(document, "utf8") : Buffer.from(document);
}

/** The text of a document, whichever form a driver gives it in; undefined where there is none. */
export function textOf(document: Document | undefined): string | undefined {
  return document === undefined ? undefined : bytesOf(document).toString("utf8");
}

/** The text of one task's document; undefined where there is none. */
export async function read(connection: BackendConnection, taskId: string): Promise<string | undefined> {
  return textOf((await connection.get([taskId])).get(taskId));
}

/** Fails unless the promise rejects; gives what it rejected with. A throw in place of a promise fails too. */
export async function rejection(call: () => Promise<unknown>, what: string): Promise<unknown> {
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

/** Prepares the suite: a store and a connection before each test, both gone after it. */
export function createBackendSuite(options: BackendConformanceOptions): BackendSuite {
  const { driver, patienceMs = 10_000, print = (line: string) => void process.stderr.write(`${line}\n`) } = options;
  let current: BackendHarness | undefined;
  let connections: BackendConnection[] = [];
  const harness = (): BackendHarness => current ?? assert.fail("no test is running");
  const connect = async (): Promise<BackendConnection> => {
    const connection = await driver.open(harness().params);
    connections.push(connection);
    return connection;
  };
  options.beforeEach(async () => {
    current = await options.createHarness();
    await connect();
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
    harness,
    connection: () => connections[0] ?? assert.fail("no test is running"),
    connect,
    itWhere(capability, wanted, reason, title, run) {
      if (driver.capabilities[capability] === wanted) {
        options.it(title, run);
        return;
      }
      const why = `the capability ${capability} of ${driver.name} is ${String(!wanted)}: ${reason}`;
      print(`skipped: ${title} (${why})`);
      options.it.skip(`${title} (${why})`, run);
    },
    within: (promise, what) => within(promise, patienceMs, what),
    pass: async (milliseconds) => {
      const made = harness();
      if (made.advance) await made.advance(milliseconds);
      else await new Promise((resolve) => setTimeout(resolve, milliseconds)); // The store has only the real clock: see BackendHarness.advance.
    },
    eventually: (condition, what) => eventually(condition, patienceMs, what),
  };
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
