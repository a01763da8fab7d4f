import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "vitest";
import { createBrokerDriver } from "../../src/brokers/redis/index.ts";
import { brokerConformance } from "../../src/testing/conformance/broker/broker-conformance.ts";
import { redisUrl, removeRedisKeys } from "../support/services/redis.ts";

const DATABASE = 9;

// A connection cannot be crashed here without its process: test/integration/redis kills real ones.
brokerConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver: createBrokerDriver(),
  createHarness: () => {
    const prefix = `conformance-${randomUUID()}:`;
    return Promise.resolve({
      url: redisUrl(DATABASE),
      options: { global_keyprefix: prefix },
      close: () => removeRedisKeys(prefix, DATABASE),
    });
  },
});
