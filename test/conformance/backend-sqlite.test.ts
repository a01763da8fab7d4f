import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { createBackendDriver } from "../../src/backends/sqlite/index.ts";
import { backendConformance } from "../../src/testing/conformance/backend/backend-conformance.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";

const clock = new FakeClock();

backendConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver: createBackendDriver({ clock }),
  createHarness: async () => {
    const folder = await mkdtemp(join(tmpdir(), "celeriac-backend-"));
    return {
      params: { url: `sqlite://${join(folder, "celeriac.db")}`, options: {} },
      advance: (milliseconds) => clock.advance(milliseconds),
      close: () => rm(folder, { recursive: true }),
    };
  },
});
