// The dead letters of an app's queues: messages that workers gave up, kept whole with the history of their deaths.
import type { Broker } from "../broker/broker.ts";
import { listDead, purgeDead, redriveDead, showDead } from "../broker/dead-letter.ts";
import { type DeadLetter, deadQueueOf } from "../broker/dead-letter-record.ts";
import type { AppContext } from "./app-context.ts";

/** A message that was given up, and why. */
export type KeptLetter = DeadLetter;

/** Whose dead letters are meant. */
export interface OfQueue {
  /** Name of the queue that they came from. @default the app's default queue */
  readonly queue?: string | undefined;
}

/** Looks at dead letters, sends them back and removes them: `app.deadLetters`. */
export class DeadLetters {
  readonly #app: AppContext;

  constructor(params: { readonly app: AppContext }) {
    this.#app = params.app;
  }

  /** Those of a queue, the oldest first. @param options.limit how many at most; 100 unless said */
  async list(options: OfQueue & { readonly limit?: number } = {}): Promise<readonly KeptLetter[]> {
    const { limit } = options;
    return listDead(await this.#broker(), this.#queueOf(options), limit === undefined ? {} : { limit });
  }

  /** How many a queue has. Those that somebody looks at at this moment do not count. */
  async count(options: OfQueue = {}): Promise<number> {
    const broker = await this.#broker();
    return (await broker.queueInfo(deadQueueOf(this.#queueOf(options))))?.messages ?? 0;
  }

  /** The one with this id, which is its task's; undefined where there is none. */
  async show(id: string, options: OfQueue = {}): Promise<KeptLetter | undefined> {
    return showDead(await this.#broker(), this.#queueOf(options), id);
  }

  /**
   * Sends them back to the queue that they came from, which is declared first; resolves to how many. With `all`, those are meant that are
   * there when it begins: what is given up meanwhile stays, and so does what somebody else looks at all the while.
   * @throws BrokerError CELERIAC_DEAD_LETTER_NOT_FOUND where an id is not there; the others were sent back
   */
  async redrive(which: { readonly ids: readonly string[] } | { readonly all: true }, options: OfQueue = {}): Promise<number> {
    const broker = await this.#broker();
    const name = this.#queueOf(options);
    await broker.declare(this.#app.queues.find(name).queue);
    if ("ids" in which) return redriveDead(broker, name, which);
    const diedBefore = new Date(this.#app.clock.now());
    // Once more until nothing is left: who lists them has some in his hands for a moment.
    for (let total = 0; ;) {
      const sentBack = await redriveDead(broker, name, { all: true, diedBefore });
      if (sentBack === 0) return total;
      total += sentBack;
    }
  }

  /** Removes those of a queue for good; resolves to how many. */
  async purge(options: OfQueue = {}): Promise<number> {
    return purgeDead(await this.#broker(), this.#queueOf(options));
  }

  #broker(): Promise<Broker> {
    return this.#app.connections.broker("read");
  }

  #queueOf({ queue }: OfQueue): string {
    return queue ?? this.#app.conf.taskDefaultQueue;
  }
}
