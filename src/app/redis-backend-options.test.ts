import { describe, expect, it } from "vitest";
import { resolveSettings } from "../config/resolve-settings.ts";
import type { ResolvedSettings } from "../config/settings.ts";
import { backendUrlOf, redisBackendOptions, redisWriteRetry } from "./redis-backend-options.ts";

const settingsOf = (given: Readonly<Record<string, unknown>> = {}): ResolvedSettings =>
  resolveSettings([{ kind: "given", values: given }]).settings;

describe("the settings of a Redis backend", () => {
  it("say how to connect, where the backend is Redis", () => {
    const settings = settingsOf({
      redisSocketConnectTimeout: 3,
      redisBackendHealthCheckInterval: 10,
      redisClientName: "results",
      redisBackendUseSsl: { ssl_cert_reqs: "none" },
    });
    expect(redisBackendOptions(settings, "redis://host")).toEqual({
      socket_connect_timeout: 3,
      health_check_interval: 10,
      client_name: "results",
      ssl: true,
      ssl_cert_reqs: "none",
    });
    expect(redisBackendOptions(settings, "sqlite://file.db")).toEqual({});
    expect(redisBackendOptions(settingsOf(), "redis://host")).toEqual({});
  });
  it("name the server and the credentials where the URL does not", () => {
    const settings = settingsOf({ redisHost: "db", redisPort: 7000, redisDb: 3, redisUsername: "u", redisPassword: "p" });
    expect(backendUrlOf(settings, "redis://")).toBe("redis://db:7000/3");
    expect(backendUrlOf(settings, "rediss")).toBe("rediss://db:7000/3");
    expect(backendUrlOf(settings, "redis://other/1")).toBe("redis://other/1");
    expect(backendUrlOf(settingsOf(), "redis://?a=b")).toBe("redis://localhost:6379/0?a=b");
    expect(redisBackendOptions(settings, "redis://db:7000/3")).toEqual({ username: "u", password: "p" });
    expect(redisBackendOptions(settings, "redis://:other@db:7000/3")).toEqual({});
  });
  it("say how often a write is tried again: as Celery does unless retry_policy says otherwise", () => {
    expect(redisWriteRetry(settingsOf(), "rediss://host")).toEqual({ writeRetries: 20, maxSleepMs: 1000 });
    const policy = { retry_policy: { max_retries: 3, interval_max: 0.2 } };
    expect(redisWriteRetry(settingsOf({ resultBackendTransportOptions: policy }), "redis://host")).toEqual({
      writeRetries: 3,
      maxSleepMs: 200,
    });
    expect(redisWriteRetry(settingsOf({ resultBackendAlwaysRetry: true }), "redis://host")).toEqual({});
    expect(redisWriteRetry(settingsOf(), "sqlite://file.db")).toEqual({});
  });
});
