// What an AMQP connection is made with: the URL as kombu reads it, and options by Celery's names or ours. All that is wrong is refused before
// anything is connected.
import { readFileSync } from "node:fs";
import { ConfigError } from "../../errors/celeriac-error.ts";
import { didYouMean } from "../../util/did-you-mean.ts";
import { type Duration, durationMs } from "../../util/duration.ts";
import { maskUrl } from "../../util/mask-url.ts";

/** How a login is made. */
export type LoginMethod = "PLAIN" | "AMQPLAIN" | "EXTERNAL";

/** What TLS is made with, by Node's names. */
export interface AmqpTls {
  readonly ca?: Buffer | string;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
  readonly passphrase?: string;
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
}

/** A connection's settings, checked. */
export interface AmqpOptions {
  /** As it may be shown. */
  readonly shownUrl: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly vhost: string;
  /** Absent where the connection is not encrypted. */
  readonly tls: AmqpTls | undefined;
  readonly loginMethod: LoginMethod;
  /** Seconds between heartbeats; 0 turns them off. */
  readonly heartbeat: number;
  /** Longest wait for a connection, in milliseconds; 0 waits as long as the system does. */
  readonly connectTimeoutMs: number;
  readonly clientProperties: Readonly<Record<string, unknown>>;
  /** Whether publications are confirmed by the broker. */
  readonly confirms: boolean;
  /** RabbitMQ's delivery timeout, in milliseconds; 0 where it has none. */
  readonly consumerTimeoutMs: number;
  /** Whether the prefetch counts over all queues of a consumer; undefined: it does where no queue is a quorum queue. */
  readonly globalPrefetch: boolean | undefined;
  /** Type of the queues that hold delayed messages. */
  readonly delayQueueType: "quorum" | "classic";
}

/** Options by our name, with the other names that they are known by. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  heartbeat: ["heartbeat"],
  connectTimeout: ["connectTimeout", "connect_timeout", "connectionTimeout", "connection_timeout"],
  loginMethod: ["loginMethod", "login_method"],
  ssl: ["ssl", "useSsl", "use_ssl"],
  clientProperties: ["clientProperties", "client_properties"],
  confirmPublish: ["confirmPublish", "confirm_publish"],
  consumerTimeout: ["consumerTimeout", "consumer_timeout"],
  globalPrefetch: ["globalPrefetch", "global_prefetch", "qos_global"],
  delayQueueType: ["delayQueueType", "delay_queue_type", "nativeDelayedDeliveryQueueType", "native_delayed_delivery_queue_type"],
};
/** Options of kombu that are the facade's here, or that this client has no use for. */
const IGNORED: ReadonlySet<string> = new Set([
  "max_retries",
  "interval_start",
  "interval_step",
  "interval_max",
  "connect_retries_timeout",
  "errback",
  "read_timeout",
  "write_timeout",
  "socket_settings",
]);
const DEFAULT_HEARTBEAT_S = 120;
const DEFAULT_CONNECT_TIMEOUT_S = 4;
/** RabbitMQ's own default. */
const DEFAULT_CONSUMER_TIMEOUT_S = 1800;

/**
 * Reads the URL and the options of a connection.
 * @throws ConfigError `CELERIAC_BROKER_URL` saying what is wrong with the URL
 * @throws ConfigError `CELERIAC_CONFIG_IMPROPER` saying what is wrong with an option
 */
export function readAmqpOptions(url: string, given: Readonly<Record<string, unknown>>): AmqpOptions {
  const options = byOurNames(given);
  const parsed = parseUrl(url);
  const tls = readTls(options["ssl"], parsed.isEncrypted);
  return {
    ...parsed.address,
    port: parsed.address.port ?? (tls === undefined ? 5672 : 5671),
    shownUrl: maskUrl(url),
    tls,
    loginMethod: choice(options["loginMethod"], "loginMethod", ["PLAIN", "AMQPLAIN", "EXTERNAL"], "PLAIN"),
    heartbeat: Math.round(seconds(options["heartbeat"], "heartbeat", DEFAULT_HEARTBEAT_S) / 1000),
    connectTimeoutMs: seconds(options["connectTimeout"], "connectTimeout", DEFAULT_CONNECT_TIMEOUT_S),
    clientProperties: record(options["clientProperties"], "clientProperties"),
    confirms: flag(options["confirmPublish"], "confirmPublish") ?? true,
    consumerTimeoutMs: seconds(options["consumerTimeout"], "consumerTimeout", DEFAULT_CONSUMER_TIMEOUT_S),
    globalPrefetch: flag(options["globalPrefetch"], "globalPrefetch"),
    delayQueueType: choice(options["delayQueueType"], "delayQueueType", ["quorum", "classic"], "quorum"),
  };
}

function byOurNames(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || IGNORED.has(name)) continue;
    const ours = Object.keys(NAMES).find((one) => NAMES[one]?.includes(name));
    if (ours === undefined) {
      const near = didYouMean(name, Object.values(NAMES).flat());
      throw improper(
        `no option of an AMQP broker is called ${JSON.stringify(name)}; ` +
          (near === undefined ? `known are ${Object.keys(NAMES).join(", ")}` : `did you mean ${JSON.stringify(near)}?`),
      );
    }
    options[ours] = value;
  }
  return options;
}

interface ParsedUrl {
  readonly isEncrypted: boolean;
  readonly address: Pick<AmqpOptions, "host" | "username" | "password" | "vhost"> & { readonly port: number | undefined };
}

function parseUrl(url: string): ParsedUrl {
  const match = /^(amqps?|pyamqp|librabbitmq):\/\/(.*)$/is.exec(url);
  if (match === null) throw badUrl(url, "expected amqp://user:password@host:port/vhost, or amqps:// for an encrypted connection");
  let parsed: URL;
  try {
    // A scheme that every URL parser knows the parts of.
    parsed = new URL(`http://${match[2] === "" || /^[/?#]/.test(match[2] ?? "") ? "localhost" : ""}${match[2]}`);
  } catch (error) {
    throw badUrl(url, "its host or port cannot be read; encode special characters of the user and password by %xx", error);
  }
  const hasLogin = parsed.username !== "" || parsed.password !== "";
  // The parser takes the usual port of http for none at all.
  const port = parsed.port === "" && /:80(?:[/?#]|$)/.test(match[2] ?? "") ? 80 : Number(parsed.port || 0);
  return {
    isEncrypted: match[1]?.toLowerCase() === "amqps",
    address: {
      host: parsed.hostname.replace(/^\[|\]$/g, ""),
      port: port === 0 ? undefined : port,
      username: hasLogin ? decoded(parsed.username, url) : "guest",
      password: hasLogin ? decoded(parsed.password, url) : "guest",
      vhost: vhostOf(decoded(parsed.pathname, url)),
    },
  };
}

/** As kombu: `/` and nothing are the vhost `/`, `/name` is `name`, and `//name` is `/name`. */
function vhostOf(path: string): string {
  const name = path.startsWith("/") ? path.slice(1) : path;
  return name === "" ? "/" : name;
}

function decoded(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw badUrl(url, "it has a % that is not followed by two hexadecimal digits; write %25 for a % itself", error);
  }
}

/** Celery's `broker_use_ssl`: true, or a record with Python's names or Node's. */
function readTls(given: unknown, isEncrypted: boolean): AmqpTls | undefined {
  if (given === undefined || given === null || typeof given !== "object") {
    const wanted = flag(given ?? undefined, "ssl") ?? isEncrypted;
    return wanted || isEncrypted ? { rejectUnauthorized: true } : undefined;
  }
  const options = given as Readonly<Record<string, unknown>>; // checked above
  const ca = material(options, "ca", ["ca_certs", "caCerts", "ssl_ca_certs"]);
  const cert = material(options, "cert", ["certfile", "certFile", "ssl_certfile"]);
  const key = material(options, "key", ["keyfile", "keyFile", "ssl_keyfile"]);
  const requirement = options["cert_reqs"] ?? options["certReqs"] ?? options["ssl_cert_reqs"];
  const servername = options["server_hostname"] ?? options["servername"];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(typeof options["passphrase"] === "string" ? { passphrase: options["passphrase"] } : {}),
    ...(typeof servername === "string" ? { servername } : {}),
    rejectUnauthorized: options["rejectUnauthorized"] !== false && !isNone(requirement),
  };
}

/** Python's `ssl.CERT_NONE` is 0, and is written in several ways. */
function isNone(requirement: unknown): boolean {
  return requirement === 0 || (typeof requirement === "string" && /^(?:0|none|cert_none)$/i.test(requirement));
}

function material(options: Readonly<Record<string, unknown>>, name: string, fileNames: readonly string[]): Buffer | string | undefined {
  const given = options[name];
  if (typeof given === "string" || Buffer.isBuffer(given)) return given;
  const fileName = fileNames.find((one) => options[one] !== undefined && options[one] !== null);
  if (fileName === undefined) return undefined;
  const path = options[fileName];
  if (typeof path !== "string") throw improper(`expected ${fileName} of the TLS options to be the path of a file, got: ${String(path)}`);
  try {
    return readFileSync(path);
  } catch (error) {
    throw improper(`the file ${path}, which ${fileName} of the TLS options names, cannot be read: ${String((error as Error).message)}`);
  }
}

function seconds(given: unknown, name: string, fallback: number): number {
  if (given === undefined) return fallback * 1000;
  if (given === null) return 0;
  const value = typeof given === "string" && /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : given;
  // The function refuses what is none.
  const ms = durationMs(value as Duration, `the option ${name} of the AMQP broker`);
  if (ms < 0) throw improper(`expected the option ${name} of the AMQP broker to be 0 or more, got: ${String(given)}`);
  return ms;
}

function flag(given: unknown, name: string): boolean | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === "boolean") return given;
  if (given === "true" || given === "1" || given === 1) return true;
  if (given === "false" || given === "0" || given === 0) return false;
  throw improper(`expected the option ${name} of the AMQP broker to be true or false, got: ${JSON.stringify(given)}`);
}

function choice<const Choice extends string>(given: unknown, name: string, choices: readonly Choice[], fallback: Choice): Choice {
  if (given === undefined || given === null) return fallback;
  const found = choices.find((one) => one.toLowerCase() === String(given).toLowerCase());
  if (found !== undefined) return found;
  throw improper(`expected the option ${name} of the AMQP broker to be one of ${choices.join(", ")}, got: ${JSON.stringify(given)}`);
}

function record(given: unknown, name: string): Readonly<Record<string, unknown>> {
  if (given === undefined || given === null) return {};
  // Any object with fields will do.
  if (typeof given === "object" && !Array.isArray(given)) return given as Readonly<Record<string, unknown>>;
  throw improper(`expected the option ${name} of the AMQP broker to be an object, got: ${JSON.stringify(given)}`);
}

function improper(message: string): ConfigError {
  return new ConfigError("CELERIAC_CONFIG_IMPROPER", { message });
}

function badUrl(url: string, problem: string, cause?: unknown): ConfigError {
  return new ConfigError("CELERIAC_BROKER_URL", { url: maskUrl(url), problem }, { cause });
}
