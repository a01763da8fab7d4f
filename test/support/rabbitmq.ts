// The RabbitMQ that tests use: the one whose URL is given, or the one on the usual port. Each file has a virtual host of its own where rabbitmqctl may
// make one.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where the broker is, without a virtual host. */
export const rabbitUrl: string = (process.env["CELERIAC_TEST_AMQP_URL"] ?? "amqp://guest:guest@127.0.0.1:5672").replace(/\/+$/, "");

/** A virtual host for one file of tests. */
export interface TestVhost {
  readonly name: string;
  readonly url: string;
  remove(): Promise<void>;
}

/** Runs rabbitmqctl; gives what it prints. */
export async function rabbitmqctl(...args: readonly string[]): Promise<string> {
  const { stdout } = await run("rabbitmqctl", ["-q", ...args], { timeout: 60_000 });
  return stdout;
}

/** Makes a virtual host. */
export async function createVhost(): Promise<TestVhost> {
  const name = `celeriac-test-${randomUUID().slice(0, 8)}`;
  await rabbitmqctl("add_vhost", name);
  await rabbitmqctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*");
  return { name, url: `${rabbitUrl}/${name}`, remove: async () => void (await rabbitmqctl("delete_vhost", name)) };
}
