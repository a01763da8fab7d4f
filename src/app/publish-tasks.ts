// Publishes task messages so that none is lost where no queue takes it: they are mandatory, but to fanout exchanges. One that is refused says
// that a queue is gone, deleted by another program perhaps: it is declared anew, and what was refused is published once more.
import type { Broker, PublishOptions } from "../broker/broker.ts";
import type { Publication, Queue } from "../broker/contract.ts";
import { noQueueTakes, untakenBy } from "../broker/no-queue-takes.ts";
import type { AppContext } from "./app-context.ts";
import type { DeclaredByUs } from "./declared-by-us.ts";

/** Gives the queue that one of the publications is meant for; undefined where it is not known. */
export type QueueOf = (publication: Publication) => Queue | undefined;

/** Publishes what a sender has made. */
export class TaskPublishing {
  readonly #app: AppContext;
  readonly #declared: DeclaredByUs;

  constructor(app: AppContext, declared: DeclaredByUs) {
    this.#app = app;
    this.#declared = declared;
  }

  /** Whether a queue must take what is published to an exchange: not to one that reaches whoever listens, nor where the caller's option says no. */
  isMandatory(exchange: string, extra: Readonly<Record<string, unknown>> | undefined): boolean {
    if (extra?.["mandatory"] === false) return false;
    return exchange === "" || !this.#isFanout(exchange);
  }

  /** Publishes; resolves when all are as durable as the broker makes them. */
  publish(broker: Broker, publications: readonly Publication[], queueOf: QueueOf, options: PublishOptions | undefined): Promise<void> {
    return send(broker, publications, options).catch((error: unknown) => this.again(error, broker, publications, queueOf, options));
  }

  /** Publishes once more what no queue took, its queue declared anew. Rejects with the error where that is not what it says. */
  async again(
    error: unknown,
    broker: Broker,
    publications: readonly Publication[],
    queueOf: QueueOf,
    options: PublishOptions | undefined,
  ): Promise<void> {
    const untaken = untakenBy(error);
    if (untaken.length === 0) throw error;
    const ours = new Set(publications);
    const mine = untaken.filter((publication) => ours.has(publication));
    // A retry that was shared with others was refused theirs alone: ours are published.
    if (mine.length === 0) return;
    const queues = new Set<Queue>();
    for (const publication of mine) for (const queue of this.#queuesFor(publication, queueOf)) queues.add(queue);
    if (queues.size === 0) throw error;
    for (const queue of queues) await this.#declared.declareAnew(broker, queue);
    try {
      await send(broker, mine, options);
    } catch (second) {
      const refused = untakenBy(second);
      if (refused.length === 0) throw second;
      const left = refused.filter((publication) => ours.has(publication));
      if (left.length > 0)
        throw noQueueTakes(
          left,
          [...queues].map(({ name }) => name),
        );
    }
  }

  /** What is known only by its address may be meant for any queue that is bound to its exchange. */
  #queuesFor(publication: Publication, queueOf: QueueOf): readonly Queue[] {
    const queue = queueOf(publication);
    if (queue !== undefined) return [queue];
    const { exchange } = publication;
    return exchange === ""
      ? []
      : this.#declarable().filter(({ bindings }) => bindings?.some((binding) => binding.exchange.name === exchange));
  }

  #declarable(): Queue[] {
    const { queues } = this.#app;
    return [...queues.names()].flatMap((name) => {
      const { queue, declaredByPublishers } = queues.find(name);
      return declaredByPublishers ? [queue] : [];
    });
  }

  #isFanout(exchange: string): boolean {
    const { queues } = this.#app;
    for (const name of queues.names()) {
      const found = queues.find(name).queue.bindings?.find((binding) => binding.exchange.name === exchange);
      if (found !== undefined) return found.exchange.type === "fanout";
    }
    return false;
  }
}

/** The same publication, which a queue must take. */
export function mandatoryOne({ exchange, routingKey, message, visibleAt }: Publication): Publication {
  return visibleAt === undefined
    ? { exchange, routingKey, message, mandatory: true }
    : { exchange, routingKey, message, visibleAt, mandatory: true };
}

function send(broker: Broker, publications: readonly Publication[], options: PublishOptions | undefined): Promise<void> {
  return options === undefined ? broker.publishMany(publications) : broker.publishMany(publications, options);
}
