// The channel for everything that is neither publishing nor consuming: declaring, binding, asking. RabbitMQ ends a channel at each request that it
// refuses; this one is opened anew then. Requests go one at a time, so that none dies of another's refusal.
import type { Channel } from "amqplib";
import type { AmqpChannel, AmqpLink } from "../../stores/amqp/amqp-link.ts";

/** A channel that outlives refusals. */
export class ControlChannel {
  readonly #link: AmqpLink;
  #channel: AmqpChannel | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(link: AmqpLink) {
    this.#link = link;
  }

  /** Makes requests when those before it are answered. Rejects with what the server said. */
  run<T>(requests: (channel: Channel) => Promise<T>): Promise<T> {
    const answer = this.#last.then(() => this.#run(requests));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #run<T>(requests: (channel: Channel) => Promise<T>): Promise<T> {
    if (this.#channel === undefined || this.#channel.failure !== undefined) this.#channel = await this.#link.openChannel();
    return requests(this.#channel.api);
  }
}
