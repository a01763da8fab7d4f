// Results as messages to whoever sent the task, over the app's own broker: for results that only their sender wants, once. Other processes cannot
// read them, and chords cannot be counted.
import type { BackendDriver, BackendOpenParams } from "../../backend/contract.ts";
import type { ResultContent } from "../../backend/result-content.ts";
import type { Broker } from "../../broker/broker.ts";
import { replyQueue } from "../../broker/reply-queue.ts";
import { CeleriacError, ConfigError } from "../../errors/celeriac-error.ts";
import { SerializerRegistry } from "../../serialization/serializer-registry.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { type Logger, silentLogger } from "../../util/logger.ts";
import { maskUrl } from "../../util/mask-url.ts";
import { ReplyCodec } from "./reply-codec.ts";
import { ReplyInbox } from "./reply-inbox.ts";
import { ReplyStore } from "./reply-store.ts";
import { RpcBackendConnection, type RpcParts } from "./rpc-backend-connection.ts";

/** What the driver is made with. */
export interface RpcBackendDriverOptions {
  /** The clock that results expire by. @default the system's */
  readonly clock?: Clock;
  /** @default none */
  readonly logger?: Logger;
  /** The broker that tasks are published to. */
  broker?(): Promise<Broker>;
  /** What this process's messages have in their property `reply_to`. */
  readonly replyTo?: string;
  /** The setting `resultExpires`, in milliseconds; null: for ever. @default a day */
  readonly expiresMs?: number | null;
  /** How results are written and read. @default JSON, nothing compressed, transient */
  readonly content?: ResultContent;
}

const DAY_MS = 86_400_000;

/** Makes the driver for `rpc://`. */
export function createBackendDriver(options: RpcBackendDriverOptions = {}): BackendDriver {
  const connections = new Set<RpcBackendConnection>();
  let parts: Promise<RpcParts> | undefined;
  const onLost = new WeakMap<RpcBackendConnection, (error: Error) => void>();
  const lose = (error: Error): void => {
    parts = undefined;
    const lost = [...connections];
    connections.clear();
    for (const connection of lost) {
      connection.lose(error);
      onLost.get(connection)?.(error);
    }
  };
  return {
    name: "rpc",
    capabilities: Object.freeze({ push: true, chords: false, expiry: true, persistent: false, shared: false }),
    open: async (params) => {
      checkUrl(params);
      parts ??= makeParts(options, lose);
      const shared = parts;
      shared.catch(() => (parts = undefined));
      const made = await shared;
      await made.broker.connect();
      const connection = new RpcBackendConnection(made, async () => {
        if (!connections.delete(connection) || connections.size > 0) return;
        parts = undefined;
        await made.inbox.stop();
      });
      connections.add(connection);
      if (params.onLost) onLost.set(connection, params.onLost);
      return connection;
    },
    classifyError: (error) => (error instanceof CeleriacError && !error.retryable ? "refused" : "unavailable"),
  };
}

async function makeParts(options: RpcBackendDriverOptions, onLost: (error: Error) => void): Promise<RpcParts> {
  const { clock = systemClock, logger = silentLogger, broker: find, replyTo, expiresMs = DAY_MS, content = jsonContent() } = options;
  if (find === undefined || replyTo === undefined)
    throw new ConfigError("CELERIAC_BACKEND_URL", {
      url: "rpc://",
      problem: "results are sent over the broker of an app, and there is no app here",
    });
  const broker = await find();
  const codec = new ReplyCodec(content, expiresMs);
  const store = new ReplyStore(codec, clock, expiresMs);
  const inbox = new ReplyInbox({ broker, queue: replyQueue(replyTo, expiresMs), codec, store, logger, onLost });
  return { broker, codec, store, inbox };
}

function checkUrl({ url }: BackendOpenParams): void {
  if (/^rpc(?::\/\/)?(?:\?.*)?$/.test(url)) return;
  throw new ConfigError("CELERIAC_BACKEND_URL", {
    url: maskUrl(url),
    problem: "expected rpc://, which uses the broker; the broker's own URL is the setting brokerUrl",
  });
}

function jsonContent(): ResultContent {
  const serializers = new SerializerRegistry();
  return { serializers, serializer: "json", accept: serializers.acceptList(["json"]) };
}
