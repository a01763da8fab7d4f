// A Redis server of our own: on a free port, in a temporary folder.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

/** How a private Redis is set up. */
export interface PrivateRedisOptions {
  /** Clients must give it. @default none */
  readonly password?: string;
  /** Keeps every write before it answers, so that a kill -9 loses nothing. @default false */
  readonly durable?: boolean;
  /** Further options of redis-server, as in `["--maxmemory", "2mb"]`. */
  readonly args?: readonly string[];
}

/** A Redis server that belongs to one test. */
export class PrivateRedis {
  readonly port: number;
  /** With the password, without a database. */
  readonly url: string;
  readonly #binary: string;
  readonly #options: PrivateRedisOptions;
  readonly #folder: string;
  #server: ServerProcess | undefined;

  private constructor(binary: string, options: PrivateRedisOptions, folder: string, port: number) {
    this.#binary = binary;
    this.#options = options;
    this.#folder = folder;
    this.port = port;
    this.url = `redis://${options.password === undefined ? "" : `:${encodeURIComponent(options.password)}@`}127.0.0.1:${port}`;
  }

  /** Starts one; resolves when it answers. */
  static async start(binary: string, options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
    const folder = await mkdtemp(path.join(tmpdir(), "celeriac-redis-"));
    const redis = new PrivateRedis(binary, options, folder, await freePort());
    await redis.start();
    return redis;
  }

  get pid(): number {
    return this.#server?.pid ?? 0;
  }

  /** Starts it again on the same port after it was killed or stopped, with what it had kept; or with nothing. */
  async start({ empty = false }: { readonly empty?: boolean } = {}): Promise<void> {
    const data = path.join(this.#folder, "data");
    if (empty) await rm(data, { recursive: true, force: true });
    await mkdir(data, { recursive: true });
    const { password, durable = false, args = [] } = this.#options;
    const server = await ServerProcess.start({
      command: this.#binary,
      args: [
        "--port",
        String(this.port),
        "--bind",
        "127.0.0.1",
        "--dir",
        data,
        "--save",
        "",
        "--loglevel",
        "warning",
        ...(durable ? ["--appendonly", "yes", "--appendfsync", "always"] : []),
        ...(password === undefined ? [] : ["--requirepass", password]),
        ...args,
      ],
      logFile: path.join(this.#folder, "log"),
    });
    this.#server = server;
    await server.ready(`Redis on port ${this.port}`, async () => (await pingRedis("127.0.0.1", this.port)) !== undefined);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  /** Stops its process without ending it: connections stay open and nothing answers. */
  pause(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  /** Lets a paused one go on. */
  resume(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** Ends it and removes its folder. */
  async close(): Promise<void> {
    await this.#server?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What a server answers to PING within a second; undefined where nothing answers. */
export function pingRedis(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    // A server that is still loading what it had kept answers with an error of that name.
    socket.once("data", (data) => end(data.toString().startsWith("-LOADING") ? undefined : data.toString().trim()));
    socket.once("timeout", () => end(undefined));
    socket.once("error", () => end(undefined));
    socket.once("close", () => resolve(undefined));
  });
}
