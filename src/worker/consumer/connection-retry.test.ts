import { describe, expect, it } from "vitest";
import { BrokerError, ConfigError } from "../../errors/celeriac-error.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { type Logger, silentLogger } from "../../util/logger.ts";
import { connectWithRetry } from "./connection-retry.ts";

const unavailable = (): BrokerError => new BrokerError("CELERIAC_BROKER_UNAVAILABLE", { url: "x://", reason: "refused" });

function params(maxRetries: number | null, retry = true) {
  const waits: number[] = [];
  const lines: string[] = [];
  const clock: Clock = { ...systemClock, sleep: async (ms) => void waits.push(ms) };
  const logger: Logger = { ...silentLogger, error: (_fields, message) => void lines.push(message ?? "") };
  const controller = new AbortController();
  return { waits, lines, controller, given: { policy: { retry, maxRetries }, url: "x://", clock, logger, signal: controller.signal } };
}

describe("connecting with retries", () => {
  it("waits longer after each try and says so in Celery's words", async () => {
    const { waits, lines, given } = params(100);
    let tries = 0;
    await connectWithRetry(async () => {
      if (++tries <= 17) throw unavailable();
    }, given);
    expect(waits).toEqual([
      2000, 4000, 6000, 8000, 10000, 12000, 14000, 16000, 18000, 20000, 22000, 24000, 26000, 28000, 30000, 30000, 30000,
    ]);
    expect(lines[1]).toMatch(/Cannot connect to x:\/\/.*Trying again in 4\.00 seconds\.\.\. \(2\/100\)/);
  });
  it("gives up with the last error when the tries are used up", async () => {
    const { waits, given } = params(2);
    await expect(connectWithRetry(() => Promise.reject(unavailable()), given)).rejects.toThrow(BrokerError);
    expect(waits).toHaveLength(2);
  });
  it("does not try again where retries are off, or where trying again cannot help", async () => {
    const off = params(100, false);
    await expect(connectWithRetry(() => Promise.reject(unavailable()), off.given)).rejects.toThrow(BrokerError);
    const wrong = params(100);
    const error = new ConfigError("CELERIAC_BROKER_URL", { url: "x://", problem: "nonsense" });
    await expect(connectWithRetry(() => Promise.reject(error), wrong.given)).rejects.toBe(error);
    expect([...off.waits, ...wrong.waits]).toEqual([]);
  });
  it("ends when it is aborted", async () => {
    const { controller, given } = params(null);
    const reason = new Error("stopping");
    const tries = connectWithRetry(() => {
      controller.abort(reason);
      return Promise.reject(unavailable());
    }, given);
    await expect(tries).rejects.toBe(reason);
  });
});
