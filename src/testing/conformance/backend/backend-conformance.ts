// The conformance suite of result backends: every driver runs it, one chapter a file.
import { type BackendConformanceOptions, createBackendSuite } from "./backend-suite.ts";
import { chordChapter } from "./chord.ts";
import { chordsMissingChapter } from "./chords-missing.ts";
import { cleanupChapter } from "./cleanup.ts";
import { closedChapter } from "./closed.ts";
import { concurrencyChapter } from "./concurrency.ts";
import { contentChapter } from "./content.ts";
import { expiryChapter } from "./expiry.ts";
import { forgetChapter } from "./forget.ts";
import { groupChapter } from "./group.ts";
import { manyChapter } from "./many.ts";
import { overwriteChapter } from "./overwrite.ts";
import { pollingChapter } from "./polling.ts";
import { sharingChapter } from "./sharing.ts";
import { storeChapter } from "./store.ts";
import { watchChapter } from "./watch.ts";

/**
 * Registers the tests that every result backend must pass.
 * @example
 * backendConformance({ describe, it, beforeEach, afterEach, driver, createHarness });
 */
export function backendConformance(options: BackendConformanceOptions): void {
  options.describe(`the result backend ${options.driver.name}`, () => {
    const suite = createBackendSuite(options);
    storeChapter(suite);
    overwriteChapter(suite);
    manyChapter(suite);
    contentChapter(suite);
    forgetChapter(suite);
    expiryChapter(suite);
    cleanupChapter(suite);
    watchChapter(suite);
    pollingChapter(suite);
    groupChapter(suite);
    chordChapter(suite);
    chordsMissingChapter(suite);
    concurrencyChapter(suite);
    sharingChapter(suite);
    closedChapter(suite);
  });
}
