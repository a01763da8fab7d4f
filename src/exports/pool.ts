/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/pool`: what the writer of an execution pool needs.
export * from "../pool/contract.ts";
export { entryData, serveJobs, type ServeOptions } from "../pool/child-runtime.ts";
