// What the broker tells `node:diagnostics_channel`, for tracing. Nothing is built where nobody listens.
import { type Channel, channel, type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { Publication } from "./contract.ts";

/** What the channels of `celeriac:broker:publish` carry. */
export interface PublishTrace {
  readonly url: string;
  readonly publications: readonly Publication[];
}

/** Traces publishing: `tracing:celeriac:broker:publish:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
export const publishTracing: TracingChannel<unknown, PublishTrace> = tracingChannel<unknown, PublishTrace>("celeriac:broker:publish");

/** A connection was made: `{ url }`. */
export const connectChannel: Channel = channel("celeriac:broker:connect");

/** A connection was lost: `{ url, error }`. */
export const lostChannel: Channel = channel("celeriac:broker:lost");

/** A consumer was given deliveries: `{ url, deliveries }`. */
export const deliverChannel: Channel = channel("celeriac:broker:deliver");

/** A delivery is being settled: `{ url, delivery, settlement }`. */
export const settleChannel: Channel = channel("celeriac:broker:settle");
