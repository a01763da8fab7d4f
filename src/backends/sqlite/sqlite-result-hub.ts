import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import { ChordTable } from "./chord-table.ts";
import { DocumentWatchers } from "./document-watchers.ts";
import { ResultSweeper } from "./result-sweeper.ts";
import { ResultTable } from "./result-table.ts";

/** What all backend connections of this process to one database share. */
export interface SqliteResultHub {
  readonly store: SqliteStore;
  readonly results: ResultTable;
  readonly chords: ChordTable;
  readonly watchers: DocumentWatchers;
  readonly sweeper: ResultSweeper;
}

/** Makes a hub and starts to remove what has expired. */
export function createResultHub(store: SqliteStore): SqliteResultHub {
  const results = new ResultTable(store);
  const chords = new ChordTable(store);
  const hub = { store, results, chords, watchers: new DocumentWatchers(store, results), sweeper: new ResultSweeper(store, chords) };
  hub.sweeper.start();
  return hub;
}

/** Ends it. */
export async function closeResultHub(hub: SqliteResultHub): Promise<void> {
  hub.watchers.close();
  await hub.sweeper.stop();
}
