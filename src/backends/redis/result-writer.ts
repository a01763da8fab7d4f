// Documents on their way into Redis: what is stored in one turn leaves in one write, as scripts that each take a run of documents of one kind.
import type { StoreEntry } from "../../backend/contract.ts";
import {
  isNoScript,
  type RedisArgument,
  type RedisCommand,
  type RedisConnection,
  scriptCommand,
} from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { RedisScript } from "../../stores/redis/redis-script.ts";
import { saysState } from "../../backend/document-state.ts";
import { keyExpiry } from "./key-expiry.ts";
import type { ResultKeys } from "./result-keys.ts";
import { storeScript, storeWithStateScript } from "./store-scripts.ts";

/** Redis does nothing else while a script runs: a run of this many takes it about a millisecond. */
const RUN_DOCUMENTS = 200;
const RUN_LENGTH = 1_048_576;
/** Redis closes the connection on a longer value, whoever else uses it. */
const LONGEST = 512 * 1024 * 1024;

interface Run {
  readonly script: RedisScript;
  readonly keys: string[];
  readonly args: RedisArgument[];
  readonly expiresMs: number | null;
  length: number;
}

interface Turn {
  readonly entries: StoreEntry[];
  readonly stored: Promise<void>;
}

/** Stores documents. */
export class ResultWriter {
  readonly #connection: RedisConnection;
  readonly #keys: ResultKeys;
  #turn: Turn | undefined;

  constructor(connection: RedisConnection, keys: ResultKeys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** Resolves when all can be read. Those of one turn share their fate. */
  store(entries: readonly StoreEntry[]): Promise<void> {
    for (const entry of entries) if (entry.document.length > LONGEST / 4) checkLength(entry);
    this.#turn ??= this.#newTurn();
    for (const entry of entries) this.#turn.entries.push(owned(entry));
    return this.#turn.stored;
  }

  #newTurn(): Turn {
    const entries: StoreEntry[] = [];
    const stored = Promise.resolve().then(() => {
      this.#turn = undefined;
      return this.#send(runsOf(entries, this.#keys));
    });
    return { entries, stored };
  }

  async #send(runs: readonly Run[]): Promise<void> {
    let commands = runs.map(commandOf);
    let replies = await this.#connection.send(commands);
    // All again, not only those that Redis had forgotten: what was stored before may have to come after.
    if (replies.some(isNoScript)) {
      await this.#connection.load([storeScript, storeWithStateScript]);
      commands = runs.map(commandOf);
      replies = await this.#connection.send(commands);
    }
    for (const reply of replies) if (reply instanceof RedisFailure) throw reply;
  }
}

function commandOf({ script, keys, args }: Run): RedisCommand {
  return scriptCommand(script, keys, args);
}

/** Puts what follows each other and is of one kind together; the order stays. */
function runsOf(entries: readonly StoreEntry[], keys: ResultKeys): readonly Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const { taskId, status, document, expiresMs } of entries) {
    const script = saysState(document, status) ? storeScript : storeWithStateScript;
    if (run?.script !== script || run.expiresMs !== expiresMs || run.keys.length >= RUN_DOCUMENTS || run.length > RUN_LENGTH) {
      run = { script, keys: [], args: [keyExpiry(expiresMs)], expiresMs, length: 0 };
      runs.push(run);
    }
    run.keys.push(keys.task(taskId));
    run.args.push(document);
    if (script === storeWithStateScript) run.args.push(status);
    run.length += document.length;
  }
  return runs;
}

/** Bytes belong to the caller, who may use the buffer again before they have left. */
function owned(entry: StoreEntry): StoreEntry {
  return typeof entry.document === "string" ? entry : { ...entry, document: Buffer.from(entry.document) };
}

function checkLength({ taskId, document }: StoreEntry): void {
  const bytes = typeof document === "string" ? Buffer.byteLength(document) : document.length;
  if (bytes <= LONGEST) return;
  throw new RedisFailure(
    "refused",
    "",
    `the result of task ${taskId} has ${bytes} bytes, and Redis takes at most ${LONGEST}; store it elsewhere and return where`,
  );
}
