// Reads the URLs by which Celery's users name a Redis: redis://, rediss:// (TLS), redis+socket:// or unix:// (a socket file) and sentinel://, the last
// with several nodes apart by semicolons. What is wrong is told in sentences, all of it together.
import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import type { OptionReader } from "./option-reader.ts";

/** A server's address. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where a Redis is and how to talk to it. */
export interface RedisTarget {
  /** The server, or the sentinels that know it. */
  readonly nodes: readonly RedisNode[];
  /** A socket file in place of nodes. */
  readonly socketPath?: string;
  /** Set where the nodes are sentinels. */
  readonly sentinel?: { readonly master: string; readonly username?: string; readonly password?: string; readonly tls: boolean };
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
  readonly tls?: TlsOptions;
  /** The server's certificate may be for another host. @default false */
  readonly anyHostname?: boolean;
  /** Longest wait for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** A connection is asked for a sign of life so often, in milliseconds; one that has given none by the next time is taken for lost. 0: never. */
  readonly healthCheckMs: number;
  /** Name of our connections in Redis' `CLIENT LIST`. */
  readonly clientName?: string;
}

/** Options that kombu and Celery know and that say nothing here; they are accepted, so that a configuration may be shared. */
export const IGNORED_REDIS_OPTIONS: readonly string[] = [
  "max_connections",
  "socket_timeout",
  "socket_keepalive",
  "socket_keepalive_options",
  "retry_on_timeout",
  "retry_policy",
  "polling_interval",
  "max_retries",
  "interval_start",
  "interval_step",
  "interval_max",
  "errback",
  "credential_provider",
  "min_priority",
  "ack_emulation",
  "supports_fanout",
  "connection_class",
  "result_chord_ordered",
  "predefined_queues",
  "body_encoding",
  "virtual_host",
];

const FORM = /^([a-z][a-z0-9+.-]*):\/\/([^?#]*)(?:\?([^#]*))?/i;
const DEFAULT_PORT = 6379;
const SENTINEL_PORT = 26379;
const CONNECT_TIMEOUT_MS = 5000;
/** kombu's. */
const HEALTH_CHECK_MS = 25_000;
const TLS_SCHEMES = ["rediss", "sentinels"];

/**
 * Reads a URL.
 * @param reader the driver's options with the URL's query merged in; problems are added to it
 * @returns undefined where the URL itself cannot be used; then there is a problem that says why
 */
export function parseRedisUrl(url: string, reader: OptionReader): RedisTarget | undefined {
  const match = FORM.exec(url);
  const scheme = match?.[1]?.toLowerCase();
  if (!match || scheme === undefined) return refuse(reader, "expected it to look like redis://user:password@host:6379/0");
  if (scheme === "redis+cluster" || scheme === "rediss+cluster") {
    return refuse(
      reader,
      "in a Redis cluster the keys of one queue live on several nodes, so that no message can be taken in one step, nor by Celery itself; use redis://, rediss:// or sentinel://",
    );
  }
  const rest = match[2] ?? "";
  const common = {
    connectTimeoutMs: reader.milliseconds("socket_connect_timeout") ?? CONNECT_TIMEOUT_MS,
    healthCheckMs: reader.milliseconds("health_check_interval") ?? HEALTH_CHECK_MS,
    ...optional("clientName", reader.text("client_name")),
  };
  try {
    if (scheme === "redis+socket" || scheme === "unix") return { ...common, ...readSocket(rest, reader), nodes: [] };
    const sentinel = scheme.startsWith("sentinel");
    const parts = rest.split(";").map((part) => part.replace(/^[a-z+]+:\/\//i, ""));
    const nodes = parts.map((part) => readNode(part, sentinel ? SENTINEL_PORT : DEFAULT_PORT));
    const first = nodes[0];
    if (first === undefined) return undefined;
    if (!sentinel && nodes.length > 1) return refuse(reader, "it names several servers; give a list of URLs, or use sentinel://");
    const tls = readTls(scheme, reader);
    const path = parts.find((part) => part.includes("/")) ?? "";
    const credentials = nodes.find((node) => node.password !== undefined) ?? first;
    return {
      ...common,
      nodes: nodes.map(({ host, port }) => ({ host, port })),
      database: readDatabase(path.slice(path.indexOf("/") + 1), path === "", reader),
      ...optional("username", reader.text("username") ?? credentials.username),
      ...optional("password", reader.text("password") ?? credentials.password),
      ...optional("tls", tls),
      ...(reader.flag("ssl_check_hostname") === false && { anyHostname: true }),
      ...(sentinel && { sentinel: readSentinel(reader, tls !== undefined) }),
    };
  } catch (error) {
    return refuse(reader, (error as Error).message);
  }
}

function readNode(part: string, defaultPort: number): RedisNode & { readonly username?: string; readonly password?: string } {
  const slash = part.indexOf("/");
  const authority = slash < 0 ? part : part.slice(0, slash);
  const at = authority.lastIndexOf("@");
  const address = authority.slice(at + 1);
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(address);
  if (!match)
    throw new Error(`expected host:port, got: ${JSON.stringify(address)}; write special letters of a password as % and their code`);
  const port = match[2] === undefined || match[2] === "" ? defaultPort : Number(match[2]);
  if (port < 1 || port > 65_535) throw new Error(`expected a port from 1 to 65535, got: ${port}`);
  const host = (match[1] ?? "").replace(/^\[|\]$/g, "") || "localhost";
  return { host, port, ...(at >= 0 && readCredentials(authority.slice(0, at))) };
}

function readCredentials(text: string): { readonly username?: string; readonly password?: string } {
  const colon = text.indexOf(":");
  const [username, password] = (colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)]).map(decode);
  return { ...(username !== undefined && username !== "" && { username }), ...(password !== undefined && password !== "" && { password }) };
}

function readSocket(rest: string, reader: OptionReader): Pick<RedisTarget, "socketPath" | "database" | "username" | "password"> {
  const at = rest.lastIndexOf("@");
  const path = decode(rest.slice(at + 1));
  if (!path.startsWith("/")) throw new Error("expected the absolute path of a socket file, as in redis+socket:///run/redis.sock");
  const given = reader.text("virtual_host") ?? reader.raw("db");
  const found = at < 0 ? {} : readCredentials(rest.slice(0, at));
  return {
    socketPath: path,
    database: readDatabase(given === undefined ? "" : String(given as string | number), given === undefined, reader),
    ...found,
    ...optional("username", reader.text("username") ?? found.username),
    ...optional("password", reader.text("password") ?? found.password),
  };
}

function readDatabase(text: string, absent: boolean, reader: OptionReader): number {
  const path = text.replace(/\/$/, "");
  if (absent || path === "") return reader.whole("db", 0) ?? 0;
  if (!/^\d+$/.test(path)) throw new Error(`expected the number of a database after the slash, got: ${JSON.stringify(path)}`);
  return Number(path);
}

function readSentinel(reader: OptionReader, tls: boolean): NonNullable<RedisTarget["sentinel"]> {
  const master = reader.text("master_name");
  if (master === undefined)
    throw new Error("a sentinel:// URL needs the option master_name: the name by which the sentinels know the master");
  const given = reader.record("sentinel_kwargs") ?? {};
  const textOf = (name: string): string | undefined => (typeof given[name] === "string" ? given[name] : undefined);
  return {
    master,
    tls: tls && given["ssl"] !== false,
    ...optional("username", textOf("username")),
    ...optional("password", textOf("password")),
  };
}

/** redis-py's `ssl_*` options, from the URL's query or from Celery's `brokerUseSsl` merged into the options. */
function readTls(scheme: string, reader: OptionReader): TlsOptions | undefined {
  const required = reader.raw("ssl_cert_reqs");
  const file = (name: string): Buffer | undefined => {
    const path = reader.text(name);
    return path === undefined ? undefined : readFileSync(path);
  };
  const [ca, cert, key] = [file("ssl_ca_certs"), file("ssl_certfile"), file("ssl_keyfile")];
  const passphrase = reader.text("ssl_password");
  const wanted = TLS_SCHEMES.includes(scheme) || reader.flag("ssl") === true;
  if (!wanted) return undefined;
  return {
    rejectUnauthorized: !["none", "CERT_NONE", 0, "0"].includes(required as string | number),
    ...optional("ca", ca),
    ...optional("cert", cert),
    ...optional("key", key),
    ...optional("passphrase", passphrase),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("it has a % that is not followed by two hexadecimal digits; write a percent sign as %25");
  }
}

function refuse(reader: OptionReader, problem: string): undefined {
  reader.problems.push(problem);
  return undefined;
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]: Value }); // one key, which TypeScript widens to string
}
