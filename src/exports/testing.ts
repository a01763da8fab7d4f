/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/testing`: testing programs that use Celeriac.
export { createTestApp } from "../create-test-app.ts";
export { eager, type EagerOptions } from "../testing/eager.ts";
export { FakeClock } from "../testing/fake-clock.ts";
export { nextHook, type NextHookOptions } from "../testing/next-hook.ts";
export { startWorker, type TestWorker, type TestWorkerOptions } from "../testing/start-worker.ts";
export { type CreateTestApp, keepInMemory, type TestAppOptions } from "../testing/test-app.ts";
export { valuesOf } from "../testing/values-of.ts";
