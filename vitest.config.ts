import { configDefaults, defineConfig } from "vitest/config";
import { serviceTestFiles } from "./test/support/services/service-tests.ts";

/** `npm run test:embedded`: what needs no service. */
const leftOut = process.env["CELERIAC_TEST_EMBEDDED"] === "1" ? serviceTestFiles() : [];
if (leftOut.length > 0) console.log(`left out, for they need Redis, RabbitMQ or Python: ${leftOut.join(", ")}`);

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...leftOut],
    globalSetup: ["test/support/services/global-setup.ts"],
    setupFiles: ["test/support/leak-check.ts"],
    isolate: false,
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
