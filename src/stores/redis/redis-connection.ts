// One socket to Redis, narrow on purpose: drivers see commands, replies and one loss, and nothing of the client library (ioredis). It has one life: it
// is never mended behind anybody's back, and no command is sent twice. Whoever holds it hears of its end once and opens another.
// Commands of one `send` leave in one write. The socket keeps the process alive while a command waits for its reply, or where asked to.
import type { Command as IoCommand, Redis as IoRedis, RedisOptions as IoOptions } from "ioredis";
import { requireOptional } from "../../util/optional-package.ts";
import { redisAnswerFailure, RedisFailure, redisSocketFailure } from "./redis-failure.ts";
import type { RedisScript } from "./redis-script.ts";
import type { RedisTarget } from "./redis-target.ts";

/** What a command may be given. */
export type RedisArgument = string | number | Uint8Array;
/** What Redis answers: texts unless buffers were asked for. */
export type RedisReply = string | number | null | Buffer | readonly RedisReply[];
/** A command: its name and its arguments. */
export type RedisCommand = readonly [name: string, ...args: readonly RedisArgument[]];

/** How replies come. */
export interface SendOptions {
  /** Texts as bytes. @default false */
  readonly buffers?: boolean;
}

/** What comes in by subscriptions. `pattern` is set where a pattern brought it. */
export type RedisMessageListener = (channel: string, message: string, pattern: string | undefined) => void;

interface IoModule {
  readonly Redis: new (options: IoOptions) => IoRedis;
  readonly Command: new (name: string, args: RedisArgument[], options: { replyEncoding: "utf8" | null }) => IoCommand;
}

const TEXTS = { replyEncoding: "utf8" } as const;
const BUFFERS = { replyEncoding: null } as const;
const READONLY_WORD = "READONLY";

/** Opens a connection. @throws RedisFailure where it cannot be had; its sentence says why */
export async function openRedisConnection(target: RedisTarget): Promise<RedisConnection> {
  const io = requireOptional<IoModule>("ioredis", "a Redis URL");
  const client = new io.Redis(clientOptions(target));
  let problem: Error | undefined;
  client.on("error", (error: Error) => (problem ??= error));
  try {
    await client.connect();
    if (problem !== undefined) throw problem;
    const connection = new RedisConnection(io, client, target, () => problem);
    // The server is asked at once whether it is loading its data, or wants a password.
    await connection.call("PING");
    return connection;
  } catch (error) {
    client.disconnect();
    if (error instanceof RedisFailure) throw error;
    throw redisSocketFailure("unavailable", problem ?? (error as Error));
  }
}

/** A connection to one Redis database. */
export class RedisConnection {
  readonly #io: IoModule;
  readonly #client: IoRedis;
  readonly #target: RedisTarget;
  readonly #lostListeners = new Set<(error: RedisFailure) => void>();
  readonly #messageListeners = new Set<RedisMessageListener>();
  #lost: RedisFailure | undefined;
  #closed = false;
  #pending = 0;
  #keptAlive = 0;
  #pinged = false;
  #healthTimer: NodeJS.Timeout | undefined;

  /** @internal made by {@link openRedisConnection} */
  constructor(io: IoModule, client: IoRedis, target: RedisTarget, lastProblem: () => Error | undefined) {
    this.#io = io;
    this.#client = client;
    this.#target = target;
    client.on("end", () => this.#end(redisSocketFailure("lost", lastProblem())));
    client.on("message", (channel: string, message: string) => this.#tell(channel, message, undefined));
    client.on("pmessage", (pattern: string, channel: string, message: string) => this.#tell(channel, message, pattern));
    client.stream.unref();
    if (target.healthCheckMs > 0) {
      // For a peer beyond the network: real time.
      this.#healthTimer = setInterval(() => this.#checkHealth(), target.healthCheckMs);
      this.#healthTimer.unref();
    }
  }

  /** Why it ended by itself; undefined while it lives, and after `close`. */
  get lost(): RedisFailure | undefined {
    return this.#lost;
  }

  /** Sends one command. @throws RedisFailure */
  call(...command: RedisCommand): Promise<RedisReply> {
    return this.#one(command, TEXTS);
  }

  /** Sends one command whose reply comes as bytes. @throws RedisFailure */
  callBuffer(...command: RedisCommand): Promise<RedisReply> {
    return this.#one(command, BUFFERS);
  }

  /** Sends commands in one write; gives the reply or failure of each. Others' commands may run between them. Rejects only where nothing could be sent. */
  send(commands: readonly RedisCommand[], options?: SendOptions): Promise<(RedisReply | RedisFailure)[]> {
    const encoding = options?.buffers === true ? BUFFERS : TEXTS;
    const { stream } = this.#client;
    stream.cork();
    const replies = commands.map((command) => this.#one(command, encoding).catch((error: unknown) => error as RedisFailure)); // #one rejects with nothing else
    stream.uncork();
    return Promise.all(replies);
  }

  /** What `run` sends at once leaves in one write. */
  together(run: () => void): void {
    const { stream } = this.#client;
    stream.cork();
    try {
      run();
    } finally {
      stream.uncork();
    }
  }

  /** Sends commands as one MULTI: all run, with nothing between, or none. @throws RedisFailure the first that failed */
  async transaction(commands: readonly RedisCommand[], options?: SendOptions): Promise<readonly RedisReply[]> {
    const replies = await this.send([["MULTI"], ...commands, ["EXEC"]], options);
    const queued = replies.find((reply) => reply instanceof RedisFailure);
    if (queued instanceof RedisFailure) throw queued;
    const results = replies[replies.length - 1];
    if (!Array.isArray(results)) throw new RedisFailure("unavailable", "", "the transaction was not run, since a watched key had changed");
    for (const result of results as readonly unknown[]) if (result instanceof Error) throw redisAnswerFailure(result);
    return results as readonly RedisReply[];
  }

  /** Runs a script, which is loaded where Redis does not have it. @throws RedisFailure */
  async run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[], options?: SendOptions): Promise<RedisReply> {
    const encoding = options?.buffers === true ? BUFFERS : TEXTS;
    try {
      return await this.#one(["EVALSHA", script.sha, keys.length, ...keys, ...args], encoding);
    } catch (error) {
      if (!isNoScript(error)) throw error;
      return this.#one(["EVAL", script.source, keys.length, ...keys, ...args], encoding);
    }
  }

  /** Has Redis know these scripts, for {@link scriptCommand} in a `send`. */
  async load(scripts: readonly RedisScript[]): Promise<void> {
    await Promise.all(scripts.map((script) => this.call("SCRIPT", "LOAD", script.source)));
  }

  /** Hears of what subscriptions bring. Subscribe with `call("SUBSCRIBE", ...)`: from then on this connection takes no other commands. @returns a function that takes the listener away */
  onMessage(listener: RedisMessageListener): () => void {
    this.#messageListeners.add(listener);
    return () => void this.#messageListeners.delete(listener);
  }

  /** Hears once when it ends by itself; at once where it has. @returns a function that takes the listener away */
  onLost(listener: (error: RedisFailure) => void): () => void {
    if (this.#lost !== undefined) listener(this.#lost);
    else this.#lostListeners.add(listener);
    return () => void this.#lostListeners.delete(listener);
  }

  /** Keeps the process alive until the returned function is called, even while nothing is asked. */
  keepAlive(): () => void {
    if (this.#keptAlive++ === 0) this.#ref();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--this.#keptAlive === 0) this.#unref();
    };
  }

  /** Ends it; what waits for a reply fails. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
    this.#client.disconnect();
  }

  /** Ends it as its loss would. For tests, and for a peer that does not answer. */
  destroy(reason: RedisFailure): void {
    if (this.#closed) return;
    this.#end(reason);
    this.#client.disconnect();
  }

  #one(command: RedisCommand, encoding: typeof TEXTS | typeof BUFFERS): Promise<RedisReply> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#closed) return Promise.reject(new RedisFailure("lost", "", "the connection to Redis was closed"));
    const [name, ...args] = command;
    for (let i = 0; i < args.length; i++) {
      const argument = args[i];
      // ioredis knows bytes by their class, and takes others for lists.
      if (argument instanceof Uint8Array && !Buffer.isBuffer(argument))
        args[i] = Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
    }
    // ioredis makes objects of what this command gives, unless it is written large.
    const spelt = name === "HGETALL" ? name : name.toLowerCase();
    const sent = new this.#io.Command(spelt, args as RedisArgument[], encoding);
    if (this.#pending++ === 0) this.#ref();
    this.#client.sendCommand(sent);
    return (sent.promise as Promise<RedisReply>).then(this.#settled, this.#failed);
  }

  /** One function each for all replies, so that none costs a closure. */
  readonly #settled = (reply: RedisReply): RedisReply => {
    if (--this.#pending === 0) this.#unref();
    return reply;
  };

  readonly #failed = (error: unknown): never => {
    if (--this.#pending === 0) this.#unref();
    const thrown = error as Error;
    if (thrown.name !== "ReplyError") throw this.#lost ?? redisSocketFailure("lost", thrown);
    const failure = redisAnswerFailure(thrown);
    // After a failover the old master is a replica: the sentinels know the new one.
    if (failure.code === READONLY_WORD && this.#target.sentinel !== undefined)
      this.destroy(new RedisFailure("lost", READONLY_WORD, "the master of the sentinels has changed", { cause: thrown }));
    throw failure;
  };

  #checkHealth(): void {
    if (this.#pinged) {
      const seconds = this.#target.healthCheckMs / 1000;
      this.destroy(new RedisFailure("lost", "", `Redis has not answered for ${seconds} seconds, so the connection is taken for dead`));
      return;
    }
    this.#pinged = true;
    const sent = new this.#io.Command("ping", [], TEXTS);
    this.#client.sendCommand(sent);
    (sent.promise as Promise<unknown>).then(
      () => (this.#pinged = false),
      (error: unknown) => (this.#pinged = (error as Error).name !== "ReplyError"),
    );
  }

  #tell(channel: string, message: string, pattern: string | undefined): void {
    for (const listener of this.#messageListeners) listener(channel, message, pattern);
  }

  #end(error: RedisFailure): void {
    if (this.#closed || this.#lost !== undefined) return;
    this.#lost = error;
    this.#release();
    for (const listener of this.#lostListeners) listener(error);
    this.#lostListeners.clear();
  }

  #release(): void {
    clearInterval(this.#healthTimer);
    this.#healthTimer = undefined;
  }

  #ref(): void {
    this.#client.stream.ref();
  }

  #unref(): void {
    if (this.#pending === 0 && this.#keptAlive === 0) this.#client.stream.unref();
  }
}

/** The command that runs a script which was loaded; fails with `NOSCRIPT` where it was not, see {@link isNoScript}. */
export function scriptCommand(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): RedisCommand {
  return ["EVALSHA", script.sha, keys.length, ...keys, ...args];
}

/** Whether a failure means that Redis has forgotten a script, as after a restart or `SCRIPT FLUSH`. */
export function isNoScript(error: unknown): boolean {
  return error instanceof RedisFailure && error.code === "NOSCRIPT";
}

function clientOptions(target: RedisTarget): IoOptions {
  const { sentinel } = target;
  const tls = target.tls && { ...target.tls, ...(target.anyHostname === true && { checkServerIdentity: () => undefined }) };
  const base: IoOptions = {
    lazyConnect: true,
    protocol: 2,
    db: target.database,
    connectTimeout: target.connectTimeoutMs,
    // One life: nothing is resent and nothing waits for another socket.
    retryStrategy: () => null,
    maxRetriesPerRequest: null,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    ...(target.username !== undefined && { username: target.username }),
    ...(target.password !== undefined && { password: target.password }),
    ...(target.clientName !== undefined && { connectionName: target.clientName }),
    ...(tls !== undefined && { tls }),
  };
  if (target.socketPath !== undefined) return { ...base, path: target.socketPath };
  if (sentinel === undefined) {
    const [node] = target.nodes;
    return { ...base, host: node?.host ?? "localhost", port: node?.port ?? 6379 };
  }
  return {
    ...base,
    sentinels: target.nodes.map(({ host, port }) => ({ host, port })),
    name: sentinel.master,
    sentinelRetryStrategy: () => null,
    failoverDetector: true,
    ...(tls !== undefined && { enableTLSForSentinelMode: sentinel.tls, sentinelTLS: tls }),
    ...(sentinel.username !== undefined && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== undefined && { sentinelPassword: sentinel.password }),
  };
}
