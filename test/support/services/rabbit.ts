import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { provided } from "./service-context.ts";
import { runRabbitmqctl } from "./start-rabbit.ts";

/** The URL of the RabbitMQ server that all tests share, of its default virtual host. Each test keeps to queues with names of its own, and deletes them. */
export function amqpUrl(): string {
  return provided("celeriacAmqpUrl");
}

/** Runs rabbitmqctl on the server that all tests share; resolves to what that printed. Only where the server is on this machine. */
export function rabbitmqctl(...args: readonly string[]): Promise<string> {
  return runRabbitmqctl(inject("celeriacRabbitEnv") ?? {}, args);
}

/** A virtual host for one file of tests. */
export interface TestVhost {
  readonly name: string;
  readonly url: string;
  remove(): Promise<void>;
}

/** Makes a virtual host on the server that all tests share. */
export async function createVhost(): Promise<TestVhost> {
  const name = `celeriac-test-${randomUUID().slice(0, 8)}`;
  const url = new URL(amqpUrl());
  await rabbitmqctl("add_vhost", name);
  await rabbitmqctl("set_permissions", "-p", name, decodeURIComponent(url.username) || "guest", ".*", ".*", ".*");
  url.pathname = `/${name}`;
  return { name, url: url.href, remove: async () => void (await rabbitmqctl("delete_vhost", name)) };
}
