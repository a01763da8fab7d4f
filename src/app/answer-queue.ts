// Where results come as messages (the `rpc://` backend), the queue that they come to must be there before the first task is sent.
import type { Broker } from "../broker/broker.ts";
import type { Queue } from "../broker/contract.ts";
import type { AppContext } from "./app-context.ts";

/** Sees to it that results find the queue in which this app waits for them. */
export class AnswerQueue {
  readonly #app: AppContext;
  readonly #declared = new WeakSet<Broker>();
  readonly #heard = new WeakSet<Broker>();
  #queue: Queue | undefined;
  /** The settings that the queue was found by. */
  #of: unknown;

  constructor(app: AppContext) {
    this.#app = app;
  }

  /** Whether a task may be sent on this connection. */
  isReady(broker: Broker): boolean {
    return this.#found() === undefined || this.#declared.has(broker);
  }

  /** Declares it, once for each connection. */
  async prepare(broker: Broker): Promise<void> {
    const queue = this.#found();
    if (queue === undefined || this.#declared.has(broker)) return;
    await broker.declare(queue);
    this.#declared.add(broker);
    if (this.#heard.has(broker)) return;
    this.#heard.add(broker);
    broker.onLost(() => this.#declared.delete(broker));
  }

  /** The queue; undefined where results are kept and not sent. */
  get queue(): Queue | undefined {
    return this.#found();
  }

  #found(): Queue | undefined {
    const { conf, connections } = this.#app;
    if (this.#of !== conf) {
      this.#of = conf;
      this.#queue = connections.replyQueue();
    }
    return this.#queue;
  }
}
