import type { BrokerDriver, DriverConnection } from "../../src/broker/contract.ts";

/** A driver whose connections can be broken, and that can refuse new ones. */
export interface BreakableBroker {
  readonly driver: BrokerDriver;
  /** How many connections were opened. */
  readonly opened: number;
  /** Whether opening fails. */
  refusing: boolean;
  /** Breaks the open connections as a network does: nothing that they hold is given back. */
  breakAll(): void;
  /** Lets go of what was broken; called at the end, because a network that is gone cannot give anything back. */
  cleanUp(): Promise<void>;
}

/** Wraps a driver. The capability says whether deliveries outlive what is broken. */
export function breakable(inner: BrokerDriver): BreakableBroker {
  const broken = new Set<DriverConnection>();
  const live = new Map<DriverConnection, (error: Error) => void>();
  let opened = 0;
  const state: BreakableBroker = {
    refusing: false,
    get opened() {
      return opened;
    },
    breakAll() {
      for (const [connection, onLost] of live) {
        live.delete(connection);
        broken.add(connection);
        onLost(new Error("the cable was pulled"));
      }
    },
    async cleanUp() {
      for (const connection of broken) await connection.close();
    },
    driver: {
      ...inner,
      async open(params) {
        if (state.refusing) throw new Error("connection refused");
        opened++;
        const connection = await inner.open(params);
        live.set(connection, params.onLost);
        return new Proxy(connection, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name);
            if (typeof value !== "function") return value;
            if (broken.has(target) && name === "close") return () => Promise.resolve();
            if (broken.has(target)) return () => Promise.reject(new Error("the cable was pulled"));
            return value.bind(target) as unknown;
          },
        });
      },
    },
  };
  return state;
}
