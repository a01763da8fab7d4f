// One Redis for each URL of this process, however many brokers and backends use it: they share one socket for commands, and have sockets of their own for
// what blocks or subscribes. When one of the sockets is lost, all of this Redis is: its users hear of it and acquire it anew.
import { openRedisConnection, type RedisConnection } from "./redis-connection.ts";
import { RedisFailure } from "./redis-failure.ts";
import type { RedisTarget } from "./redis-target.ts";

/** A Redis that is open. */
export class RedisStore {
  readonly target: RedisTarget;
  /** The socket for commands, shared: nothing that blocks or subscribes may be sent through it. */
  readonly connection: RedisConnection;
  readonly #dedicated = new Set<RedisConnection>();
  readonly #listeners = new Set<(error: RedisFailure) => void>();
  #lost: RedisFailure | undefined;
  #closed = false;

  /** @internal made by {@link acquireRedis} */
  constructor(target: RedisTarget, connection: RedisConnection) {
    this.target = target;
    this.connection = connection;
    connection.onLost((error) => this.lose(error));
  }

  /** Why it ended by itself. */
  get lost(): RedisFailure | undefined {
    return this.#lost;
  }

  /** Opens a socket of the caller's own, for blocking commands or subscriptions. Its loss is the loss of all. Close it when it is not needed. */
  async dedicated(): Promise<RedisConnection> {
    this.#check();
    const connection = await openRedisConnection(this.target);
    if (this.#closed || this.#lost !== undefined) {
      connection.close();
      this.#check();
    }
    this.#dedicated.add(connection);
    connection.onLost((error) => this.lose(error));
    return connection;
  }

  /** Closes a socket that {@link dedicated} gave. */
  discard(connection: RedisConnection): void {
    this.#dedicated.delete(connection);
    connection.close();
  }

  /** Hears once when it ends by itself. @returns a function that takes the listener away */
  onLost(listener: (error: RedisFailure) => void): () => void {
    if (this.#lost !== undefined) listener(this.#lost);
    else this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends it as a loss: all sockets are closed and all users told. */
  lose(error: RedisFailure): void {
    if (this.#closed || this.#lost !== undefined) return;
    this.#lost = error;
    this.#closeAll();
    for (const listener of this.#listeners) listener(error);
    this.#listeners.clear();
  }

  /** @internal called when its last user has gone */
  close(): void {
    this.#closed = true;
    this.#closeAll();
  }

  #closeAll(): void {
    this.connection.close();
    for (const connection of this.#dedicated) connection.close();
    this.#dedicated.clear();
  }

  #check(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#closed) throw new RedisFailure("lost", "", "the connection to Redis was closed");
  }
}

/** A share in a Redis. */
export interface RedisLease {
  readonly store: RedisStore;
  /** Gives the share back; the last one closes the sockets. Safe to call twice. */
  release(): void;
}

interface Entry {
  readonly opening: Promise<RedisStore>;
  users: number;
}

const open = new Map<string, Entry>();

/** Opens this Redis, or joins those in this process who have it open by the same address, credentials and options. @throws RedisFailure */
export async function acquireRedis(target: RedisTarget): Promise<RedisLease> {
  const key = JSON.stringify(target);
  let entry = open.get(key);
  if (entry === undefined) {
    const opening = openRedisConnection(target).then((connection) => new RedisStore(target, connection));
    const opened: Entry = { opening, users: 0 };
    entry = opened;
    open.set(key, opened);
    const forget = (): void => void (open.get(key) === opened && open.delete(key));
    opening.then((store) => store.onLost(forget), forget);
  }
  const mine = entry;
  mine.users++;
  const store = await mine.opening;
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    if (--mine.users > 0) return;
    if (open.get(key) === mine) open.delete(key);
    store.close();
  };
  if (store.lost === undefined) return { store, release };
  release();
  return acquireRedis(target);
}
