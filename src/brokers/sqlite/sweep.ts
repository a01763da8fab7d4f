// What somebody must do twice a second, and anybody may: take back what dead processes held, drop what has expired, delete queues that
// nobody used. It reads without a lock, and writes only where it found something.
import { leaseRange } from "../../stores/sqlite/lease-number.ts";
import type { SqliteBrokerHub } from "./sqlite-broker-hub.ts";

/** The statement that takes back what a dead owner held, counting it as the death of a worker. */
export const RECLAIM: string =
  "UPDATE messages SET lease = NULL, redelivered = 1, worker_deaths = worker_deaths + 1 WHERE lease BETWEEN ? AND ?";
const SOME_EXPIRED = "SELECT 1 FROM messages WHERE expires <= ? AND lease IS NULL LIMIT 1";
const REMOVE_EXPIRED = "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE expires <= ? AND lease IS NULL LIMIT 500)";

/** What a sweep found. */
export interface SweepReport {
  /** Owners that were dead. */
  readonly deadOwners: number;
  /** Messages that they held. */
  readonly reclaimed: number;
  /** When the next queue goes that nobody uses; Infinity where none does. */
  readonly nextUnused: number;
}

/**
 * Looks once.
 * @param thorough looks for what belongs to no owner as well, which goes through all that is held
 */
export async function sweep(hub: SqliteBrokerHub, thorough: boolean): Promise<SweepReport> {
  const { store } = hub;
  const now = store.clock.now();
  const found = await store.read(() => ({
    dead: store.owners.findDead(),
    unlisted: thorough ? store.owners.findUnlisted() : [],
    expired: store.prepare(SOME_EXPIRED).get(now) !== undefined,
    unused: hub.topology.nextUnused() <= now,
  }));
  let reclaimed = 0;
  for (const owner of found.unlisted) reclaimed += await store.write(() => giveAllBack(hub, owner), 1, true);
  for (const owner of found.dead) reclaimed += await hub.change(() => reclaim(hub, owner));
  if (found.expired) await store.write(() => void store.prepare(REMOVE_EXPIRED).run(now));
  if (found.unused) await hub.change((topology) => topology.removeUnused(now));
  const nextUnused = await store.read(() => hub.topology.nextUnused());
  return { deadOwners: found.dead.length, reclaimed, nextUnused };
}

function reclaim(hub: SqliteBrokerHub, owner: number): number {
  if (!hub.store.owners.remove(owner)) return 0;
  hub.topology.removeOwner(owner);
  return giveAllBack(hub, owner);
}

function giveAllBack(hub: SqliteBrokerHub, owner: number): number {
  const reclaimed = Number(hub.store.prepare(RECLAIM).run(...leaseRange(owner)).changes);
  if (reclaimed === 0) return 0;
  hub.store.wakeOthers();
  hub.onReclaimed();
  return reclaimed;
}
