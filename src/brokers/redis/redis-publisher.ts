// Publishing. What goes to a queue by its name, which is nearly everything, waits for the end of the turn and needs no look into Redis before; the rest is
// routed first, a whole call at once.
import type { Publication } from "../../broker/contract.ts";
import { noQueueTakes } from "../../broker/no-queue-takes.ts";
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import type { RedisBrokerOptions } from "./broker-options.ts";
import { writeEnvelope } from "./envelope.ts";
import type { Keys } from "./keys.ts";
import { park } from "./park.ts";
import { PublishBatch } from "./publish-batch.ts";
import { suffixOf } from "./queue-entry.ts";
import { type Route, routeAll } from "./router.ts";

/** What the publisher needs of the hub. */
export interface PublisherHost {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  readonly options: RedisBrokerOptions;
  /** Has the batch sent at the end of this turn. */
  requestFlush(): void;
}

/** Publishes to lists and channels. */
export class RedisPublisher {
  /** What waits for the end of the turn. */
  readonly batch: PublishBatch = new PublishBatch();
  readonly #host: PublisherHost;

  constructor(host: PublisherHost) {
    this.#host = host;
  }

  /** Publishes; resolves when Redis has all of them. Calls that go to one list in one turn share their promise. */
  publish(publications: readonly Publication[]): Promise<void> {
    for (const { exchange, visibleAt } of publications) {
      if (exchange !== "" || visibleAt !== undefined) return this.#publishRouted(publications);
    }
    const { keys } = this.#host;
    let first: Promise<void> | undefined;
    let others: Promise<void>[] | undefined;
    for (const publication of publications) {
      const list = keys.list(publication.routingKey, keys.stepOf(publication.message.properties.priority));
      const done = this.batch.add(list, writeEnvelope(publication));
      if (first === undefined) first = done;
      else if (done !== first) (others ??= []).push(done);
    }
    this.#host.requestFlush();
    if (first === undefined) return Promise.resolve();
    return others === undefined ? first : Promise.all([first, ...others]).then(() => undefined);
  }

  async #publishRouted(publications: readonly Publication[]): Promise<void> {
    // Bodies belong to the caller, who may use their buffers again.
    const texts = publications.map(writeEnvelope);
    const { connection, keys } = this.#host;
    const routes = await routeAll(connection, keys, publications);
    const done: Promise<unknown>[] = [];
    const untaken: Publication[] = [];
    connection.together(() => {
      for (const [i, publication] of publications.entries()) {
        const [route, text] = [routes[i], texts[i]];
        if (route === undefined || text === undefined) continue;
        if (publication.mandatory === true && "queues" in route && route.queues.length === 0) untaken.push(publication);
        else done.push(...this.#publishTo(route, publication, text));
      }
    });
    this.#host.requestFlush();
    await Promise.all(done);
    if (untaken.length > 0) throw noQueueTakes(untaken);
  }

  #publishTo(route: Route, { message, visibleAt }: Publication, text: string): readonly Promise<unknown>[] {
    const { connection, keys } = this.#host;
    if ("channel" in route) return [connection.call("PUBLISH", route.channel, text)];
    const step = keys.stepOf(message.properties.priority);
    if (visibleAt === undefined) return route.queues.map((queue) => this.batch.add(keys.list(queue, step), text));
    // Times that are over are parked too: they go by Redis' clock, and the next look finds them.
    return route.queues.map((name) => park(this.#host, { queue: { name, suffix: suffixOf(name) }, step, text, visibleAt, field: "" }));
  }
}
