import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "vitest";
import { createBackendDriver } from "../../src/backends/redis/index.ts";
import { backendConformance } from "../../src/testing/conformance/backend/backend-conformance.ts";
import { redisUrl, removeRedisKeys } from "../support/services/redis.ts";

backendConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver: createBackendDriver(),
  createHarness: async () => {
    const prefix = `celeriac-conformance-${randomUUID()}:`;
    return { params: { url: redisUrl(9), options: { global_keyprefix: prefix } }, close: () => removeRedisKeys(prefix, 9) };
  },
});
