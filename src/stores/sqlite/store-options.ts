import type { Clock } from "../../util/clock.ts";

/** What survives a loss of power: `normal` keeps the database whole but may lose the last transactions, `full` loses nothing. A killed process loses nothing under either. */
export type Durability = "normal" | "full";

/** How a store is opened. */
export interface StoreOptions {
  /** What survives a loss of power. @default "normal" */
  readonly synchronous?: Durability;
  /** Uses a SQLite that is known to be able to corrupt a WAL database; it is then kept with a rollback journal, ten times slower. @default false */
  readonly forceUnsafeSqlite?: boolean;
  /** Largest size of the database in pages of 8 KiB. @default as large as the disk allows */
  readonly maxPageCount?: number;
  /** Where time comes from. @default the system's clock */
  readonly clock?: Clock;
}
