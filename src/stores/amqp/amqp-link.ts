// One TCP connection to an AMQP broker. amqplib does the handshake, the heartbeats, the channels and their calls; what is written for every
// message (publications and acknowledgements) goes to the socket directly, in frames of our own. States: open, and ended, which is either
// closed by us or lost; `onLost` is called for the latter only, once.
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import type * as Amqplib from "amqplib";
import { ConfigError } from "../../errors/celeriac-error.ts";
import type { AmqpOptions } from "./amqp-options.ts";
import { OpaqueHeaders } from "./opaque-headers.ts";

const require = createRequire(import.meta.url);

/** A channel of a link. */
export interface AmqpChannel {
  readonly api: Amqplib.Channel;
  /** Its number in frames. */
  readonly number: number;
  /** Why it has ended; undefined while it is open. */
  readonly failure: Error | undefined;
}

/** What a link tells its user. */
export interface LinkListener {
  /** Called once when the connection is lost, not when it is closed. */
  onLost(error: Error): void;
  /** Called when the broker takes no more publications, with its reason, and when it takes them again, with undefined. */
  onBlocked(reason: string | undefined): void;
}

/** amqplib's connection as it is inside: what is used of it is checked when the connection is made. */
interface InnerConnection {
  readonly stream?: unknown;
  readonly frameMax?: unknown;
  rest?: unknown;
}

/** Longest wait for the broker's goodbye, in milliseconds: a broker that hangs must not keep a program from ending. */
const GOODBYE_MS = 5000;

/** A live connection. */
export class AmqpLink {
  /** Longest frame that both sides agreed on, in bytes. */
  readonly frameMax: number;
  readonly #model: Amqplib.ChannelModel;
  readonly #socket: Duplex;
  #failure: Error | undefined;
  #state: "open" | "closing" | "ended" = "open";
  #closed: Promise<void> | undefined;

  private constructor(model: Amqplib.ChannelModel, listener: LinkListener) {
    this.#model = model;
    const inner = model.connection as unknown as InnerConnection; // see there
    this.#socket = socketOf(inner);
    this.frameMax = typeof inner.frameMax === "number" ? inner.frameMax : 4096;
    interceptReads(this.#socket, inner);
    model.on("error", (error) => (this.#failure ??= error));
    model.on("blocked", (reason) => listener.onBlocked(reason));
    model.on("unblocked", () => listener.onBlocked(undefined));
    model.on("close", (error) => {
      const wasOpen = this.#state === "open";
      this.#state = "ended";
      // amqplib says goodbye to a socket that may be half open, and waits for the answer for ever.
      this.#socket.destroy();
      if (wasOpen) listener.onLost((this.#failure ??= error ?? new Error("the broker closed the connection")));
    });
  }

  /** Connects. Rejects with what amqplib or the socket says. */
  static async open(options: AmqpOptions, listener: LinkListener): Promise<AmqpLink> {
    const amqplib = loadAmqplib();
    const model = await amqplib.connect(
      {
        protocol: options.tls === undefined ? "amqp" : "amqps",
        hostname: options.host,
        port: options.port,
        username: options.username,
        password: options.password,
        vhost: options.vhost,
        heartbeat: options.heartbeat,
        frameMax: 131_072,
      },
      {
        ...options.tls,
        ...(options.connectTimeoutMs > 0 ? { timeout: options.connectTimeoutMs } : {}),
        noDelay: true,
        keepAlive: true,
        keepAliveDelay: 60_000,
        clientProperties: { product: "celeriac", ...options.clientProperties },
        credentials: credentialsOf(amqplib, options),
      },
    );
    return new AmqpLink(model, listener);
  }

  /** Whether it can be used. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Why it was lost; undefined where it was not. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Writes whole frames. @returns whether more may be written; if not, wait for {@link onceDrained} */
  write(frames: Buffer): boolean {
    return this.#state === "open" && this.#socket.write(frames);
  }

  /** Calls back when the socket takes more again. */
  onceDrained(callback: () => void): void {
    this.#socket.once("drain", callback);
  }

  /**
   * Opens a channel.
   * @param params.confirms whether publications on it are confirmed
   * @param params.onEnd called when it ends, with the server's reason where that ended this channel and not the link
   */
  async openChannel(params: { readonly confirms?: boolean; onEnd?(refusal: Error | undefined): void } = {}): Promise<AmqpChannel> {
    const api = await (params.confirms === true ? this.#model.createConfirmChannel() : this.#model.createChannel());
    const number = (api as unknown as { readonly ch?: unknown }).ch; // amqplib's types leave it out
    if (typeof number !== "number") throw wrongAmqplib("its channels have no number");
    const channel = { api, number, failure: undefined as Error | undefined };
    api.on("error", (error) => (channel.failure ??= error));
    api.on("close", () => {
      const refusal = channel.failure;
      channel.failure ??= this.#failure ?? new Error("the channel was closed");
      params.onEnd?.(refusal);
    });
    return channel;
  }

  /** Ends it in good order. Safe to call twice. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  /** Ends it as the death of the process would. The loss is reported. */
  destroy(error: Error): void {
    this.#failure ??= error;
    this.#socket.destroy(error);
  }

  async #close(): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "closing";
    // The system's timer: it is about a socket.
    const timer = setTimeout(() => this.#socket.destroy(new Error("the broker did not say goodbye")), GOODBYE_MS);
    const ended = new Promise<void>((resolve) => {
      this.#model.once("close", () => resolve());
      this.#socket.once("close", () => resolve());
    });
    try {
      // A connection that is lost meanwhile is closed too.
      await Promise.race([this.#model.close().catch(() => undefined), ended]);
    } finally {
      clearTimeout(timer);
      this.#state = "ended";
      this.#socket.destroy();
    }
  }
}

/** @throws ConfigError with the install command where amqplib is not installed */
function loadAmqplib(): typeof Amqplib {
  try {
    // The name's own types.
    return require("amqplib") as typeof Amqplib;
  } catch (error) {
    throw new ConfigError(
      "CELERIAC_CONFIG_IMPROPER",
      { message: "an AMQP broker needs the package amqplib, which cannot be loaded; install it with: npm install amqplib" },
      { cause: error },
    );
  }
}

function credentialsOf(
  amqplib: typeof Amqplib,
  { loginMethod, username, password }: AmqpOptions,
): NonNullable<Amqplib.SocketOptions["credentials"]> {
  if (loginMethod === "EXTERNAL") return amqplib.credentials.external();
  return loginMethod === "AMQPLAIN" ? amqplib.credentials.amqplain(username, password) : amqplib.credentials.plain(username, password);
}

function socketOf(inner: InnerConnection): Duplex {
  const { stream } = inner;
  const looksRight = typeof stream === "object" && stream !== null && "read" in stream && "write" in stream && "destroy" in stream;
  if (!looksRight) throw wrongAmqplib("its connection has no stream");
  return stream as Duplex; // checked above
}

/** Sends what comes from the socket through {@link OpaqueHeaders} before amqplib reads it. */
function interceptReads(socket: Duplex, inner: InnerConnection): void {
  const frames = new OpaqueHeaders();
  const read = socket.read.bind(socket);
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk = read(size) as Buffer | null; // no encoding is set on this socket
      if (chunk === null) return null;
      const complete = frames.push(chunk);
      if (complete !== undefined) return complete;
    }
  };
  // What amqplib has read of a frame that was not complete goes the same way.
  if (Buffer.isBuffer(inner.rest) && inner.rest.length > 0) {
    inner.rest = frames.push(inner.rest) ?? Buffer.alloc(0);
  }
}

function wrongAmqplib(what: string): ConfigError {
  return new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `the installed amqplib is not one that this version of celeriac knows: ${what}; install it with: npm install amqplib@2.3`,
  });
}
