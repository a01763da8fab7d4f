// The dead letters of an app's queues: messages that workers gave up, kept whole with the history of their deaths.
import type { Broker } from "../broker/broker.ts";
import { listDead, purgeDead, redriveDead, showDead } from "../broker/dead-letter.ts";
import type { DeadLetter } from "../broker/dead-letter-record.ts";
import type { Queue } from "../broker/contract.ts";

/** A message that was given up, and why. */
export type KeptLetter = DeadLetter;

/** What looking after dead letters needs of an app. */
export interface DeadLettersParams {
  broker(): Promise<Broker>;
  /** What is declared for a queue of that name. */
  queue(name: string): Queue;
}

/** Looks at dead letters, sends them back and removes them. */
export class DeadLetters {
  readonly #params: DeadLettersParams;

  constructor(params: DeadLettersParams) {
    this.#params = params;
  }

  /** Those of a queue, the oldest first. @param options.limit how many at most; 100 unless said */
  async list(queue: string, options: { readonly limit?: number } = {}): Promise<readonly KeptLetter[]> {
    return listDead(await this.#params.broker(), queue, options);
  }

  /** The one of a queue with this id, which is its task's; undefined where there is none. */
  async show(queue: string, id: string): Promise<KeptLetter | undefined> {
    return showDead(await this.#params.broker(), queue, id);
  }

  /** Sends them back to the queue that they came from, which is declared first; resolves to how many. @throws BrokerError where an id is not there */
  async redrive(queue: string, which: { readonly ids: readonly string[] } | { readonly all: true }): Promise<number> {
    const broker = await this.#params.broker();
    await broker.declare(this.#params.queue(queue));
    return redriveDead(broker, queue, which);
  }

  /** Removes those of a queue for good; resolves to how many. */
  async purge(queue: string): Promise<number> {
    return purgeDead(await this.#params.broker(), queue);
  }
}
