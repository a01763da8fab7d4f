// The processes that hold messages of one database. A process registers before its first claim; while any process consumes, it looks
// twice a second whether the others still run, and takes back what the dead ones held. A living process keeps its leases however long
// it is silent: stopped, swapped out or blocked is not dead. Only a process of which nothing can be seen from here (another container or
// host) is judged by its heartbeat, and only by not having seen that change for a minute of our own time, never by comparing clocks.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { CLAIMS_PER_OWNER, leaseOf, leaseRange } from "./lease-number.ts";
import { livenessOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** How long a heartbeat may stand still before its owner, of which nothing else can be seen, counts as dead; in milliseconds. */
export const HEARTBEAT_PATIENCE_MS = 60_000;

interface OwnerRow extends ProcessIdentity {
  readonly id: number;
  readonly heartbeat: number;
}

/** The owners of one database, seen by one process. */
export class OwnerRegistry {
  readonly #self: ProcessIdentity = ownIdentity();
  readonly #insert: StatementSync;
  readonly #exists: StatementSync;
  readonly #all: StatementSync;
  readonly #delete: StatementSync;
  readonly #giveBack: StatementSync;
  readonly #unlisted: StatementSync;
  readonly #leave: StatementSync;
  readonly #heartbeats = new Map<number, { readonly value: number; readonly since: number }>();
  #id: number | undefined;
  #claims = 0;
  /** What we registered as before the last time; all end with us. */
  readonly #mine = new Set<number>();

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO owners (host, boot, namespace, pid, started, heartbeat) VALUES (?, ?, ?, ?, ?, ?) RETURNING id");
    this.#exists = db.prepare("SELECT 1 AS found FROM owners WHERE id = ?");
    this.#all = db.prepare("SELECT id, host, boot, namespace, pid, started, heartbeat FROM owners");
    this.#delete = db.prepare("DELETE FROM owners WHERE id = ?");
    this.#giveBack = db.prepare("UPDATE messages SET lease = NULL, redelivered = 1 WHERE lease BETWEEN ? AND ?");
    this.#unlisted = db.prepare(
      `SELECT DISTINCT lease / ${CLAIMS_PER_OWNER} AS owner FROM messages WHERE lease IS NOT NULL AND lease / ${CLAIMS_PER_OWNER} NOT IN (SELECT id FROM owners)`,
    );
    this.#leave = db.prepare("DELETE FROM consumers WHERE owner = ?");
  }

  /** Whether this process has registered. */
  get registered(): boolean {
    return this.#id !== undefined;
  }

  /** All that this process registered as. */
  get mine(): ReadonlySet<number> {
    return this.#mine;
  }

  /** This process's owner id; registers it where it is not, or where another process took it for dead. To be called in a transaction. */
  ensure(now: number): number {
    if (this.#id !== undefined && this.#claims < CLAIMS_PER_OWNER && this.#exists.get(this.#id) !== undefined) return this.#id;
    const { host, boot, namespace, pid, started } = this.#self;
    const id = Number(this.#insert.get(host, boot, namespace, pid, started, now)?.["id"]);
    this.#id = id;
    this.#claims = 0;
    this.#mine.add(id);
    return id;
  }

  /** A lease that was never used before. To be called in a transaction, after {@link ensure}. */
  nextLease(): number {
    if (this.#id === undefined) throw new Error("a lease was asked for before the process registered as an owner");
    return leaseOf(this.#id, this.#claims++);
  }

  /**
   * The owners that are dead, as far as can be seen now. To be called outside of transactions.
   * @param monotonic our own time in milliseconds; other processes live in real time, so it is no injected clock's. @default performance.now()
   */
  findDead(monotonic: number = performance.now()): readonly number[] {
    const dead: number[] = [];
    for (const row of this.#all.all() as unknown as OwnerRow[]) {
      if (this.#mine.has(row.id)) continue;
      const liveness = livenessOf(row, this.#self);
      if (liveness === "dead" || (liveness === "unknown" && this.#isSilent(row, monotonic))) dead.push(row.id);
    }
    return dead;
  }

  /** Owners that are not on the list and yet hold something. There are none, unless somebody changed the database by hand. */
  findUnlisted(): readonly number[] {
    return this.#unlisted.all().map((row) => Number(row["owner"]));
  }

  /** Takes an owner off the list; false where somebody else has. To be called in a transaction. */
  remove(id: number): boolean {
    this.#heartbeats.delete(id);
    return Number(this.#delete.run(id).changes) > 0;
  }

  /** Takes this process off the list, and gives back, uncounted, what it may still hold. To be called in a transaction. */
  removeMine(): void {
    for (const id of this.#mine) {
      this.#giveBack.run(...leaseRange(id));
      this.#leave.run(id);
      this.remove(id);
    }
  }

  #isSilent(row: OwnerRow, monotonic: number): boolean {
    const seen = this.#heartbeats.get(row.id);
    if (seen?.value === row.heartbeat) return monotonic - seen.since > HEARTBEAT_PATIENCE_MS;
    this.#heartbeats.set(row.id, { value: row.heartbeat, since: monotonic });
    return false;
  }
}
