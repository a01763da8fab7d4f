/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/pool`: what the writer of an execution pool needs.
export type {
  ChildEntry,
  ChildEvent,
  ExecutionPool,
  JobLoss,
  JobObserver,
  JsonRecord,
  PoolCapabilities,
  PoolFactory,
  PoolInfo,
  PoolJob,
  PoolLog,
  PoolOptions,
  PoolOutcome,
  RunningJob,
  Work,
} from "../pool/contract.ts";
export { entryData, serveJobs, type ServeOptions } from "../pool/child-runtime.ts";
