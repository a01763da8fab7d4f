// The conformance suite of brokers: every driver runs it, one chapter a file.
import { acknowledgeChapter } from "./acknowledge.ts";
import { type BrokerConformanceOptions, createBrokerSuite } from "./broker-suite.ts";
import { cancelChapter } from "./cancel.ts";
import { closedChapter } from "./closed.ts";
import { competingChapter } from "./competing.ts";
import { contentChapter } from "./content.ts";
import { deadLettersChapter } from "./dead-letters.ts";
import { deathsChapter } from "./deaths.ts";
import { declareChapter } from "./declare.ts";
import { delayChapter } from "./delay.ts";
import { expiryChapter } from "./expiry.ts";
import { facadeChapter } from "./facade.ts";
import { getChapter } from "./get.ts";
import { lifecycleChapter } from "./lifecycle.ts";
import { mandatoryChapter } from "./mandatory.ts";
import { prefetchChapter } from "./prefetch.ts";
import { priorityChapter } from "./priority.ts";
import { publishConsumeChapter } from "./publish-consume.ts";
import { redeliveryChapter } from "./redelivery.ts";
import { requeueChapter } from "./requeue.ts";
import { routingChapter } from "./routing.ts";
import { stormChapter } from "./storm.ts";

/**
 * Registers the tests that every broker driver must pass.
 * @example
 * brokerConformance({ describe, it, beforeEach, afterEach, driver, createHarness });
 */
export function brokerConformance(options: BrokerConformanceOptions): void {
  options.describe(`the broker ${options.driver.name}`, () => {
    const suite = createBrokerSuite(options);
    lifecycleChapter(suite);
    closedChapter(suite);
    declareChapter(suite);
    publishConsumeChapter(suite);
    mandatoryChapter(suite);
    contentChapter(suite);
    acknowledgeChapter(suite);
    requeueChapter(suite);
    redeliveryChapter(suite);
    prefetchChapter(suite);
    priorityChapter(suite);
    routingChapter(suite);
    expiryChapter(suite);
    delayChapter(suite);
    competingChapter(suite);
    cancelChapter(suite);
    getChapter(suite);
    deathsChapter(suite);
    deadLettersChapter(suite);
    facadeChapter(suite);
    stormChapter(suite);
  });
}
