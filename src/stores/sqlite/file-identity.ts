// Whether the files that a store has open are still those at their path. A file that is deleted or replaced under an open connection goes on
// to exist for that connection alone: it would write, and wait for news, where nobody else looks, and SQLite does not tell.
import { existsSync, renameSync, statSync } from "node:fs";

/** What has become of a file that is open: its path leads nowhere, or to another file. */
export type FileChange = "deleted" | "replaced";

/** The database file and its write-ahead log, as they were when the store was opened. */
export class FileIdentity {
  readonly #path: string;
  readonly #database: string | undefined;
  /** Undefined without a write-ahead log. It stays the same file as long as any process has the database open. */
  readonly #wal: string | undefined;

  /** @param path the real path of a database that is open */
  constructor(path: string) {
    this.#path = path;
    this.#database = identityOf(path);
    this.#wal = identityOf(`${path}-wal`);
  }

  /** What has happened to the files; undefined where nothing has. Costs a few microseconds. */
  change(): FileChange | undefined {
    return changeOf(this.#database, this.#path) ?? changeOf(this.#wal, `${this.#path}-wal`);
  }

  /**
   * Moves the log of a database that was replaced out of the way of its successor, which SQLite would otherwise read it into. To be called
   * by whoever finds the replacement; does nothing where the log is gone, belongs to the new file already, or the database is the same.
   */
  setLogAside(): void {
    if (this.#wal === undefined || changeOf(this.#database, this.#path) !== "replaced") return;
    if (identityOf(`${this.#path}-wal`) !== this.#wal) return;
    const suffix = `of-replaced-${this.#wal.replace(":", "-")}`;
    // The index first: a log without one is read anew, an index without its log points nowhere.
    for (const file of [`${this.#path}-shm`, `${this.#path}-wal`]) if (existsSync(file)) renameSync(file, `${file}.${suffix}`);
  }
}

function changeOf(identity: string | undefined, path: string): FileChange | undefined {
  if (identity === undefined) return undefined;
  const now = identityOf(path);
  if (now === identity) return undefined;
  return now === undefined ? "deleted" : "replaced";
}

/** Device and number of the file, which no other file has as long as this one is open. */
function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}
