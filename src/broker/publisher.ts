// Publishing with retries. The usual case, a driver that is connected and a publication that succeeds, goes straight to the driver: what is
// added is one promise for all calls that share the driver's own. Only when that is rejected, or nobody is connected, each try is made anew.
import { BrokerError, type CeleriacError } from "../errors/celeriac-error.ts";
import type { Clock } from "../util/clock.ts";
import type { DriverConnection, Publication } from "./contract.ts";
import { describeTarget } from "./publication-target.ts";
import { type ResolvedRetryPolicy, retryWaitMs } from "./publish-retry.ts";

/** What the publisher needs of the broker that it publishes for. */
export interface PublisherHost {
  readonly clock: Clock;
  readonly retryPolicy: ResolvedRetryPolicy;
  /** The connection, where there is one now. */
  readonly connection: DriverConnection | undefined;
  /** The connection, after connecting where need be. */
  connected(operation: string): Promise<DriverConnection>;
  normalise(operation: string, error: unknown): CeleriacError;
}

/** The calls that share one promise of the driver. */
interface SharedPublish {
  readonly driverPromise: Promise<void>;
  readonly publications: Publication[];
  result: Promise<void>;
}

/** Publishes through whatever connection there is. */
export class Publisher {
  readonly #host: PublisherHost;
  #shared: SharedPublish | undefined;

  constructor(host: PublisherHost) {
    this.#host = host;
  }

  /** Publishes by the broker's own retry policy. */
  publish(publications: readonly Publication[]): Promise<void> {
    const { connection } = this.#host;
    if (connection === undefined) return this.publishBy(this.#host.retryPolicy, publications);
    const driverPromise = connection.publish(publications);
    const shared = this.#shared;
    if (shared?.driverPromise === driverPromise) {
      for (const publication of publications) shared.publications.push(publication);
      return shared.result;
    }
    return this.#share({ driverPromise, publications: [...publications], result: driverPromise });
  }

  /**
   * Publishes by a retry policy of the caller's.
   * @param signal when it is aborted, nothing is sent any more; what was sent already stays so
   * @param failure with which a first try failed already
   */
  async publishBy(
    policy: ResolvedRetryPolicy,
    publications: readonly Publication[],
    signal?: AbortSignal,
    failure?: { readonly error: unknown },
  ): Promise<void> {
    let failed = failure;
    for (let retry = 0; ; retry++) {
      signal?.throwIfAborted();
      if (failed === undefined) {
        try {
          const connection = await this.#host.connected("publish");
          signal?.throwIfAborted();
          await connection.publish(publications);
          return;
        } catch (error) {
          signal?.throwIfAborted();
          failed = { error };
        }
      }
      const error = this.#host.normalise("publish", failed.error);
      if (!error.retryable || policy.maxRetries === 0) throw error;
      if (retry >= policy.maxRetries) {
        throw new BrokerError(
          "CELERIAC_PUBLISH_FAILED",
          { target: describeTarget(publications[0]), tries: retry + 1, reason: error.message },
          { cause: error },
        );
      }
      failed = undefined;
      const waitMs = retryWaitMs(policy, retry);
      if (waitMs > 0) await this.#host.clock.sleep(waitMs, signal);
    }
  }

  #share(shared: SharedPublish): Promise<void> {
    const forget = (): void => {
      if (this.#shared === shared) this.#shared = undefined;
    };
    shared.result = shared.driverPromise.then(forget, (error: unknown) => {
      forget();
      return this.publishBy(this.#host.retryPolicy, shared.publications, undefined, { error });
    });
    this.#shared = shared;
    return shared.result;
  }
}
