// What a conformance suite needs of a test runner. The functions of vitest, node:test, mocha and jest all fit.

/** The functions of a test runner, handed to a conformance suite so that it depends on none. */
export interface TestRunner {
  describe(title: string, define: () => void): void;
  readonly it: {
    (title: string, run: () => Promise<void> | void): void;
    /** Registers a test that is shown and not run. */
    skip(title: string, run: () => Promise<void> | void): void;
  };
  beforeEach(run: () => Promise<void>): void;
  afterEach(run: () => Promise<void>): void;
}
