// Documents as the store tells of them. One watch a connection, however many wait. A task is watched first and read then, so that nothing
// falls between. After a lost connection all are watched and read again. As what is told is a hint and what is stored the truth, all are
// read again now and then.
import { BackendError, CeleriacError } from "../errors/celeriac-error.ts";
import { backoffMs } from "../util/backoff.ts";
import type { Timer } from "../util/clock.ts";
import type { BackendConnection, Document, Watch } from "./contract.ts";
import { type DocumentFeed, type DocumentFeedParams, READ_AT_ONCE } from "./document-feed.ts";

const REREAD_EVERY_MS = 10_000;
const RECONNECT = { startMs: 50, maxMs: 10_000 };

interface OpenWatch {
  readonly connection: BackendConnection;
  readonly watch: Watch;
}

/** A feed for drivers with the capability `push`. */
export class PushFeed implements DocumentFeed {
  readonly #params: DocumentFeedParams;
  /** The tasks waited for, each with how often it was told of. */
  readonly #wanted = new Map<string, number>();
  #adding: string[] = [];
  #removing: string[] = [];
  #scheduled = false;
  #open: Promise<OpenWatch> | undefined;
  #watch: Watch | undefined;
  #rereads: Timer | undefined;
  #recovering = false;
  /** Counts the watches that were left. */
  #generation = 0;
  #closed = false;

  constructor(params: DocumentFeedParams) {
    this.#params = params;
    params.link.onLost(() => void this.#recover());
  }

  add(taskIds: readonly string[]): void {
    for (const id of taskIds) {
      this.#wanted.set(id, 0);
      this.#adding.push(id);
    }
    this.#schedule();
    this.#armReread();
  }

  remove(taskIds: readonly string[]): void {
    for (const id of taskIds) if (this.#wanted.delete(id)) this.#removing.push(id);
    this.#schedule();
    if (this.#wanted.size === 0) this.#disarmReread();
  }

  close(): void {
    this.#closed = true;
    this.#wanted.clear();
    this.#disarmReread();
    this.#watch?.close();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const [removing, adding] = [this.#removing, this.#adding];
    [this.#removing, this.#adding] = [[], []];
    if (removing.length > 0) this.#watch?.remove(removing.filter((id) => !this.#wanted.has(id)));
    const wanted = adding.filter((id) => this.#wanted.has(id));
    if (wanted.length > 0 && !this.#closed) void this.#watchAndRead(wanted);
  }

  async #watchAndRead(ids: readonly string[]): Promise<void> {
    const generation = this.#generation;
    try {
      await this.#attempt(ids);
    } catch (error) {
      // A recovery that began meanwhile watches these as well.
      if (this.#closed || generation !== this.#generation) return;
      const { link } = this.#params;
      const normalised = link.normalise("watch", error);
      // Before there ever was a connection the set-up is wrong, and waiting would hide it.
      if (link.everLive && mayPass(normalised)) void this.#recover();
      else this.#params.fail(ids, normalised);
    }
  }

  async #attempt(ids: readonly string[]): Promise<void> {
    const isNew = !this.#open;
    const open = await this.#ensureWatch(ids);
    if (!isNew) await open.watch.add(ids);
    // Those that were removed while they were being added.
    const unwanted = ids.filter((id) => !this.#wanted.has(id));
    if (unwanted.length > 0) open.watch.remove(unwanted);
    await this.#read(open.connection, ids);
  }

  #ensureWatch(ids: readonly string[]): Promise<OpenWatch> {
    if (this.#open) return this.#open;
    const open = this.#openWatch(ids);
    this.#open = open;
    open.then(
      ({ watch }) => {
        if (this.#open === open && !this.#closed) this.#watch = watch;
        else watch.close();
      },
      () => {
        if (this.#open === open) this.#open = undefined; // Why it failed is told to those who wait for it.
      },
    );
    return open;
  }

  async #openWatch(ids: readonly string[]): Promise<OpenWatch> {
    const connection = await this.#params.link.connect();
    if (!connection.watch) {
      const { name } = this.#params.link.driver;
      throw new BackendError("CELERIAC_BACKEND_REFUSED", {
        operation: "watch",
        reason: `the driver ${name} says that it can push and has no watch()`,
      });
    }
    return { connection, watch: await connection.watch(ids, (taskId, document) => this.#told(taskId, document)) };
  }

  /** Leaves the present watch, which may be broken. */
  #drop(): void {
    this.#generation++;
    this.#watch?.close();
    this.#watch = undefined;
    this.#open = undefined;
  }

  #told(taskId: string, document: Document): void {
    const times = this.#wanted.get(taskId);
    if (times === undefined) return;
    this.#wanted.set(taskId, times + 1);
    this.#params.deliver(taskId, document);
  }

  /** What was told while the read was under way is as new as what was read, or newer. */
  async #read(connection: BackendConnection, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += READ_AT_ONCE) {
      const part = ids.slice(from, from + READ_AT_ONCE).filter((id) => this.#wanted.has(id));
      if (part.length === 0) continue;
      const before = part.map((id) => this.#wanted.get(id));
      const found = await connection.get(part);
      for (const [i, id] of part.entries()) {
        const document = found.get(id);
        if (document !== undefined && this.#wanted.get(id) === before[i]) this.#params.deliver(id, document);
      }
    }
  }

  /** Watches and reads everything again, for as long as it takes. */
  async #recover(): Promise<void> {
    this.#drop();
    if (this.#recovering) return;
    this.#recovering = true;
    const { link } = this.#params;
    for (let attempt = 0; this.#wanted.size > 0 && !this.#closed; attempt++) {
      const generation = this.#generation;
      try {
        await this.#attempt([...this.#wanted.keys()]);
        if (generation === this.#generation) break;
      } catch (error) {
        const normalised = link.normalise("watch", error);
        if (!mayPass(normalised) && generation === this.#generation) {
          this.#params.fail([...this.#wanted.keys()], normalised);
          break;
        }
        link.logger.warn(
          { err: normalised, url: link.shownUrl, waiting: this.#wanted.size },
          "the result backend cannot be watched; trying again",
        );
        this.#drop();
        await this.#pause(attempt);
      }
    }
    this.#recovering = false;
  }

  async #pause(attempt: number): Promise<void> {
    const { clock, closing } = this.#params.link;
    try {
      await clock.sleep(backoffMs(RECONNECT, attempt), closing);
    } catch (error) {
      if (!closing.aborted) throw error;
    }
  }

  /** Armed only while somebody waits; it also keeps the process alive for them. */
  #armReread(): void {
    this.#rereads ??= this.#params.link.clock.setTimer(() => {
      this.#rereads = undefined;
      if (this.#wanted.size === 0 || this.#closed) return;
      this.#armReread();
      if (!this.#recovering) void this.#reread();
    }, REREAD_EVERY_MS);
  }

  async #reread(): Promise<void> {
    const { link } = this.#params;
    try {
      const open = await this.#open;
      if (open) await this.#read(open.connection, [...this.#wanted.keys()]);
    } catch (error) {
      if (!this.#closed)
        link.logger.warn({ err: link.normalise("get", error), url: link.shownUrl }, "results that are waited for could not be read again");
    }
  }

  #disarmReread(): void {
    this.#rereads?.cancel();
    this.#rereads = undefined;
  }
}

function mayPass(error: Error): boolean {
  return error instanceof CeleriacError && error.retryable;
}
