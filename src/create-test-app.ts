import { drivers } from "./drivers.ts";
import { type CreateTestApp, testAppsWith } from "./testing/test-app.ts";

/** Makes an app whose broker and results are in this process's memory, apart from all others. */
export const createTestApp: CreateTestApp = testAppsWith(drivers);
