// The pages that a full database keeps for those who make room; see schema.ts.
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The reserve of one database. All in transactions. */
export class Reserve {
  readonly #exists: StatementSync;
  readonly #spend: StatementSync;
  readonly #restore: StatementSync;

  constructor(db: DatabaseSync) {
    this.#exists = db.prepare("SELECT 1 FROM reserve");
    this.#spend = db.prepare("DELETE FROM reserve");
    this.#restore = db.prepare("INSERT INTO reserve VALUES (1, zeroblob(131072))");
  }

  /** Frees the reserve; false where it was spent before. */
  spend(): boolean {
    return Number(this.#spend.run().changes) > 0;
  }

  /** To be called by whoever makes the database grow: where the reserve was spent, it comes first, and fails as the disk is still full. */
  demand(): void {
    if (this.#exists.get() === undefined) this.#restore.run();
  }
}
