// A RabbitMQ of a test's own, in a temporary folder and on free ports, that may be starved, killed and started again.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./services/free-port.ts";
import { until } from "./until.ts";

const run = promisify(execFile);
const FOLDER = "/usr/lib/rabbitmq/bin";

/** A server. */
export interface PrivateRabbit {
  readonly url: string;
  start(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  ctl(...args: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Makes a server; it is not started. @param config gives the text of its rabbitmq.conf, for a folder of its own */
export async function createPrivateRabbit(config: (folder: string) => Promise<string> = async () => ""): Promise<PrivateRabbit> {
  const folder = await mkdtemp(join(tmpdir(), "celeriac-rabbit-"));
  const port = await freePort();
  const node = `celeriac-${randomUUID().slice(0, 8)}@localhost`;
  await writeFile(join(folder, "plugins"), "[].");
  await writeFile(join(folder, "rabbitmq.conf"), await config(folder));
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_MNESIA_BASE: folder,
    RABBITMQ_LOG_BASE: folder,
    RABBITMQ_LOGS: join(folder, "log"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "none"),
  };
  let server: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const running = server;
    server = undefined;
    if (running?.pid === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    // The script starts the virtual machine and its helpers as children: all of its group.
    process.kill(-running.pid, "SIGKILL");
    await ended;
    await until("the port to be free", async () => !(await answers(port)));
  };
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    start: async () => {
      server = spawn(join(FOLDER, "rabbitmq-server"), [], { env, detached: true, stdio: "ignore" });
      await until("RabbitMQ to listen", () => answers(port), 60_000);
    },
    kill,
    ctl: async (...args) => {
      await run(join(FOLDER, "rabbitmqctl"), ["-q", "-n", node, ...args], { env, timeout: 60_000 });
    },
    remove: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
