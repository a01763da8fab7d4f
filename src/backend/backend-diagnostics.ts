// What the backend does, for whoever traces it: subscribe to `celeriac:backend:<operation>` with node:diagnostics_channel.
import { type Channel, channel } from "node:diagnostics_channel";

/** Operations that are told. */
export type BackendOperation = "connect" | "lost" | "store" | "get" | "forget" | "watch" | "group" | "chord" | "cleanup" | "close";

/** What subscribers of `celeriac:backend:<operation>` are given when it has ended. */
export interface BackendDiagnostic {
  readonly operation: BackendOperation;
  /** The backend's URL, secrets masked. */
  readonly url: string;
  /** How many tasks it was about. */
  readonly count: number;
  /** How long it took, in milliseconds, tries included. */
  readonly durationMs: number;
  /** What it failed with, if it did. */
  readonly error: unknown;
}

const channels: Readonly<Record<BackendOperation, Channel>> = {
  connect: channel("celeriac:backend:connect"),
  lost: channel("celeriac:backend:lost"),
  store: channel("celeriac:backend:store"),
  get: channel("celeriac:backend:get"),
  forget: channel("celeriac:backend:forget"),
  watch: channel("celeriac:backend:watch"),
  group: channel("celeriac:backend:group"),
  chord: channel("celeriac:backend:chord"),
  cleanup: channel("celeriac:backend:cleanup"),
  close: channel("celeriac:backend:close"),
};

/** Whether anybody wants to know of an operation: asked before the clock is. */
export function isTraced(operation: BackendOperation): boolean {
  return channels[operation].hasSubscribers;
}

/** Tells of an operation that has ended. */
export function trace(diagnostic: BackendDiagnostic): void {
  channels[diagnostic.operation].publish(diagnostic);
}
