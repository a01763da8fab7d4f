// The backend in memory with trouble at will: calls that fail, connections that are lost, no pushing. Counts what is called.
import type { BackendConnection, BackendDriver, Watch } from "../../src/backend/contract.ts";
import { createBackendDriver } from "../../src/backends/memory/index.ts";

/** What goes wrong, and what was seen. */
export interface FlakyBackend {
  readonly driver: BackendDriver;
  /** Names of the calls made, in order. */
  readonly calls: string[];
  /** How many connections and watches are open now. */
  readonly open: { connections: number; watches: number };
  /** Tasks that the watches now open are told of. */
  readonly watched: Set<string>;
  /** Called before each call on a connection, and before each `add` of a watch; what it throws is what the call rejects with. */
  onCall: (name: string) => void | Promise<void>;
  /** Loses all connections, as a server does that restarts. */
  lose(): void;
}

/** Makes such a driver. */
export function createFlakyBackend(options: { readonly push?: boolean } = {}): FlakyBackend {
  const { push = true } = options;
  const inner = createBackendDriver();
  const losers = new Set<() => void>();
  const flaky: FlakyBackend = {
    calls: [],
    open: { connections: 0, watches: 0 },
    watched: new Set(),
    onCall: () => {},
    lose: () => {
      for (const lose of losers) lose();
    },
    driver: {
      ...inner,
      capabilities: { ...inner.capabilities, push },
      classifyError: (error) => (error instanceof RangeError ? "refused" : "unavailable"),
      open: async (params) => {
        flaky.calls.push("open");
        await flaky.onCall("open");
        const connection = await inner.open(params);
        flaky.open.connections++;
        let gone = false;
        const leave = (): void => {
          if (gone) return;
          gone = true;
          losers.delete(lose);
          flaky.open.connections--;
        };
        const lose = (): void => {
          leave();
          void connection.close();
          params.onLost?.(new Error("the server went away"));
        };
        losers.add(lose);
        return watched(flaky, connection, leave, push, () => gone);
      },
    },
  };
  return flaky;
}

function watched(
  flaky: FlakyBackend,
  connection: BackendConnection,
  leave: () => void,
  push: boolean,
  isGone: () => boolean,
): BackendConnection {
  return new Proxy(connection, {
    get: (target, name: keyof BackendConnection) => {
      if (name === "watch" && !push) return undefined;
      const call = target[name] as (...args: unknown[]) => Promise<unknown>;
      if (typeof call !== "function") return call;
      return async (...args: unknown[]): Promise<unknown> => {
        flaky.calls.push(name);
        if (name === "close") leave();
        else if (isGone()) throw new Error("the connection is gone");
        await flaky.onCall(name);
        const result = await call.apply(target, args);
        return name === "watch" ? countedWatch(flaky, result as Watch, args[0] as readonly string[]) : result;
      };
    },
  });
}

function countedWatch(flaky: FlakyBackend, watch: Watch, taskIds: readonly string[]): Watch {
  flaky.open.watches++;
  let ended = false;
  const own = new Set(taskIds);
  for (const id of taskIds) flaky.watched.add(id);
  return {
    add: async (ids) => {
      await flaky.onCall("add");
      await watch.add(ids);
      for (const id of ids) {
        own.add(id);
        flaky.watched.add(id);
      }
    },
    remove: (ids) => {
      for (const id of ids) if (own.delete(id)) flaky.watched.delete(id);
      watch.remove(ids);
    },
    close: () => {
      if (!ended) flaky.open.watches--;
      ended = true;
      for (const id of own) flaky.watched.delete(id);
      watch.close();
    },
  };
}
