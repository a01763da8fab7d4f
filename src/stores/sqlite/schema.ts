// The tables of a Celeriac database, as steps: step n takes a database of version n to version n + 1. A step that was released is
// never changed; a new need is a new step.
//
// reserve holds some pages back for when the disk is full: taking and settling messages may use them, sending may not. Else a full
// database could not be emptied, for a message that is taken grows by its lease.
//
// messages.lease names who holds a message: NULL while it waits; otherwise a number that is used for one claim only and from which
// the owner follows (lease-number.ts). That is why ids need no AUTOINCREMENT (a fifth of the cost of an insert): an id may come
// back after its row is gone, but the pair of id and lease does not.

/** Written into the header of each of our databases, so that others are not taken for ours: "Cele". */
export const APPLICATION_ID = 0x43656c65;

const BROKER = `
CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  queue INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  lease INTEGER,
  due INTEGER,
  expires INTEGER,
  redelivered INTEGER NOT NULL DEFAULT 0,
  child_deaths INTEGER NOT NULL DEFAULT 0,
  worker_deaths INTEGER NOT NULL DEFAULT 0,
  exchange TEXT,
  routing_key TEXT,
  meta TEXT,
  body
);
CREATE INDEX messages_waiting ON messages (queue, priority DESC, id) WHERE lease IS NULL AND due IS NULL;
CREATE INDEX messages_due ON messages (queue, due) WHERE due IS NOT NULL;
CREATE INDEX messages_leased ON messages (lease) WHERE lease IS NOT NULL;
CREATE INDEX messages_expiring ON messages (expires) WHERE expires IS NOT NULL;
CREATE TABLE exchanges (
  name TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  durable INTEGER NOT NULL,
  auto_delete INTEGER NOT NULL,
  arguments TEXT
) WITHOUT ROWID;
CREATE TABLE queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  durable INTEGER NOT NULL,
  owner INTEGER,
  auto_delete INTEGER NOT NULL,
  expires_ms INTEGER,
  message_ttl_ms INTEGER,
  max_priority INTEGER,
  arguments TEXT,
  used_at INTEGER NOT NULL
);
CREATE TABLE bindings (
  exchange TEXT NOT NULL,
  queue INTEGER NOT NULL,
  routing_key TEXT NOT NULL,
  PRIMARY KEY (exchange, queue, routing_key)
) WITHOUT ROWID;
CREATE TABLE consumers (id INTEGER PRIMARY KEY, queue INTEGER NOT NULL, owner INTEGER NOT NULL);
CREATE TABLE owners (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  host TEXT NOT NULL,
  boot TEXT NOT NULL,
  namespace TEXT NOT NULL,
  pid INTEGER NOT NULL,
  started TEXT NOT NULL,
  heartbeat INTEGER NOT NULL
);
CREATE TABLE reserve (id INTEGER PRIMARY KEY, block BLOB NOT NULL);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO reserve VALUES (1, zeroblob(131072));
INSERT INTO counters VALUES ('topology', 1), ('results', 0);
`;

const BACKEND = `
CREATE TABLE results (
  seq INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  expires INTEGER,
  document NOT NULL
);
CREATE INDEX results_expiring ON results (expires) WHERE expires IS NOT NULL;
CREATE TABLE result_groups (group_id TEXT PRIMARY KEY, expires INTEGER, document NOT NULL);
CREATE INDEX result_groups_expiring ON result_groups (expires) WHERE expires IS NOT NULL;
CREATE TABLE chords (group_id TEXT PRIMARY KEY, size INTEGER, count INTEGER NOT NULL, expires INTEGER);
CREATE INDEX chords_expiring ON chords (expires) WHERE expires IS NOT NULL;
CREATE TABLE chord_parts (
  group_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  group_index INTEGER NOT NULL,
  status TEXT NOT NULL,
  result NOT NULL,
  PRIMARY KEY (group_id, task_id, group_index)
);
`;

/** The steps, the oldest first. */
export const MIGRATIONS: readonly string[] = [BROKER + BACKEND];
