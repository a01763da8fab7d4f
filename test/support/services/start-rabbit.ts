// A RabbitMQ server of our own: own node, own epmd, free ports, everything it writes in a temporary folder.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { findProgram, isExecutable } from "./find-or-install.ts";
import { freePort } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

/** How a private RabbitMQ is set up. */
export interface PrivateRabbitOptions {
  /** Lines of rabbitmq.conf, as in `["consumer_timeout = 60000"]`. */
  readonly config?: readonly string[];
}

const run = promisify(execFile);

/** A RabbitMQ server that belongs to one test. It starts in a few seconds. */
export class PrivateRabbit {
  readonly port: number;
  /** Of the vhost `/`, as guest. */
  readonly url: string;
  readonly #script: string;
  readonly #folder: string;
  /** The environment in which rabbitmqctl reaches it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #epmdPort: number;
  #server: ServerProcess | undefined;
  #epmd: ServerProcess | undefined;

  private constructor(script: string, folder: string, ports: { readonly amqp: number; readonly dist: number; readonly epmd: number }) {
    this.#script = script;
    this.#folder = folder;
    this.port = ports.amqp;
    this.#epmdPort = ports.epmd;
    this.url = `amqp://guest:guest@127.0.0.1:${ports.amqp}`;
    const inside = (name: string): string => path.join(folder, name);
    this.env = {
      HOME: inside("home"),
      RABBITMQ_NODENAME: `celeriac-${ports.amqp}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
      RABBITMQ_NODE_PORT: String(ports.amqp),
      RABBITMQ_DIST_PORT: String(ports.dist),
      RABBITMQ_MNESIA_BASE: inside("data"),
      RABBITMQ_LOG_BASE: inside("log"),
      RABBITMQ_PID_FILE: inside("pid"),
      RABBITMQ_CONFIG_FILE: inside("rabbitmq"),
      RABBITMQ_CONF_ENV_FILE: inside("env.conf"),
      RABBITMQ_ENABLED_PLUGINS_FILE: inside("plugins"),
      RABBITMQ_GENERATED_CONFIG_DIR: inside("generated"),
      ERL_EPMD_ADDRESS: "127.0.0.1",
      ERL_EPMD_PORT: String(ports.epmd),
    };
  }

  /** Starts one; resolves when it answers. */
  static async start(script: string, options: PrivateRabbitOptions = {}): Promise<PrivateRabbit> {
    const folder = await mkdtemp(path.join(tmpdir(), "celeriac-rabbit-"));
    const [amqp, dist, epmd] = await Promise.all([freePort(), freePort(), freePort()]);
    const rabbit = new PrivateRabbit(script, folder, { amqp, dist, epmd });
    await mkdir(path.join(folder, "home"));
    await writeFile(path.join(folder, "env.conf"), "");
    await writeFile(path.join(folder, "plugins"), "[].\n");
    await writeFile(
      path.join(folder, "rabbitmq.conf"),
      [`listeners.tcp.default = 127.0.0.1:${amqp}`, "vm_memory_high_watermark.relative = 0.8", ...(options.config ?? []), ""].join("\n"),
    );
    await rabbit.start();
    return rabbit;
  }

  /** Starts it again on the same port after it was killed or stopped, with what it had kept; or with nothing. */
  async start({ empty = false }: { readonly empty?: boolean } = {}): Promise<void> {
    if (empty) await rm(path.join(this.#folder, "data"), { recursive: true, force: true });
    const epmd = findProgram("epmd");
    // Otherwise the node starts one that stays when the node has gone.
    if (epmd !== undefined && this.#epmd?.alive !== true)
      this.#epmd = await ServerProcess.start({
        command: epmd,
        args: ["-port", String(this.#epmdPort), "-address", "127.0.0.1"],
        logFile: path.join(this.#folder, "epmd.out"),
      });
    const server = await ServerProcess.start({ command: this.#script, args: [], env: this.env, logFile: path.join(this.#folder, "out") });
    this.#server = server;
    await server.ready(`RabbitMQ on port ${this.port}`, () => answersAmqp(this.url), 120_000);
  }

  /** Runs rabbitmqctl on it; resolves to what that printed. */
  async ctl(...args: readonly string[]): Promise<string> {
    return runRabbitmqctl(this.env, args);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const beam = await this.#beamPid();
    if (beam !== undefined) process.kill(beam, "SIGKILL");
    await this.#server?.kill();
  }

  /** Stops its process without ending it: connections stay open and nothing answers. */
  async pause(): Promise<void> {
    await this.#signal("SIGSTOP");
  }

  /** Lets a paused one go on. */
  async resume(): Promise<void> {
    await this.#signal("SIGCONT");
  }

  /** Ends it in order, keeping what it has stored. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** Ends it and removes its folder. */
  async close(): Promise<void> {
    // What it holds goes with its folder, so that it need not take the time to end in order.
    await this.kill();
    await this.#epmd?.stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const beam = await this.#beamPid();
    if (beam === undefined) throw new Error("the RabbitMQ server is not running");
    process.kill(beam, signal);
  }

  /** The server proper is below the shell script that starts it. */
  async #beamPid(): Promise<number | undefined> {
    const parents = new Set([this.#server?.pid]);
    const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,comm="]);
    const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
    // Twice: there may be one more shell between.
    for (let depth = 0; depth < 3; depth++) {
      for (const [pid, parent, name = ""] of rows) {
        if (!parents.has(Number(parent))) continue;
        if (name.startsWith("beam")) return Number(pid);
        parents.add(Number(pid));
      }
    }
    return undefined;
  }
}

/** The script that starts a server as whoever calls it: Debian's in /usr/sbin changes to its own user and its own folders. */
export function rabbitServerScript(): string | undefined {
  const packaged = "/usr/lib/rabbitmq/bin/rabbitmq-server";
  return isExecutable(packaged) ? packaged : findProgram("rabbitmq-server");
}

/** Whether a broker lets us in within a few seconds. */
export async function answersAmqp(url: string): Promise<boolean> {
  try {
    const { connect } = await import("amqplib");
    const connection = await connect(url, { timeout: 3000 });
    await connection.close();
    return true;
  } catch {
    return false; // The answer that was asked for.
  }
}

/** Runs rabbitmqctl on the server of an environment; resolves to what that printed. */
export async function runRabbitmqctl(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<string> {
  const server = rabbitServerScript();
  const beside = server === undefined ? "" : path.join(path.dirname(server), "rabbitmqctl");
  // Debian's own in /usr/sbin changes to the user of the system's server, and so reaches that alone.
  const own = Object.keys(env).length > 0 && isExecutable(beside) ? beside : (findProgram("rabbitmqctl") ?? "rabbitmqctl");
  const { stdout } = await run(own, ["-q", ...args], { env: { ...process.env, ...env }, timeout: 60_000 });
  return stdout;
}
