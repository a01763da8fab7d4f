/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/testing/conformance`: the suites that a driver must pass.
export { backendConformance } from "../testing/conformance/backend/backend-conformance.ts";
export { brokerConformance } from "../testing/conformance/broker/broker-conformance.ts";
export { poolConformance } from "../testing/conformance/pool/pool-conformance.ts";
export type { TestRunner } from "../testing/conformance/test-runner.ts";
