// The kinds of values that settings have. A row names its kind; the kind says what a user may give, what the program gets,
// how it is checked (kind-schemas.ts) and how it is read from a text (kind-texts.ts).
import type { Duration } from "../util/duration.ts";
import type { TaskAnnotations } from "./structures/annotations.ts";
import type { BeatSchedule } from "./structures/beat-schedule.ts";
import type { GivenRetryPolicy, RetryPolicy } from "./structures/retry-policy.ts";
import type { TaskQueues, TaskRoutes } from "./structures/routes.ts";

/** Chooses the next of several broker URLs: by name, or by a function that turns the list into an endless sequence. */
export type FailoverStrategy = "round-robin" | "shuffle" | ((urls: readonly string[]) => Iterable<string>);

/** Gives the user name and the password for a connection. */
export type CredentialProvider = () => Credentials | Promise<Credentials>;

/** A user name, where one is needed, and a password. */
export interface Credentials {
  /** The user; absent for the default one. */
  readonly username?: string;
  /** The password. */
  readonly password: string;
}

/** A map of options that nothing here looks into. */
export type Options = Readonly<Record<string, unknown>>;

/** A function that a driver calls with something of its own. */
export type Callback = (subject: unknown) => unknown;

/** What a user may give for a setting of each kind. */
export interface Given {
  text: string;
  boolean: boolean;
  integer: number;
  number: number;
  seconds: Duration;
  texts: readonly string[];
  urls: string | readonly string[];
  timezone: string;
  rateLimit: string | number;
  deliveryMode: 1 | 2 | "transient" | "persistent";
  pool: "prefork" | "processes" | "threads" | "solo" | "async" | "gevent" | "eventlet";
  secret: string | Uint8Array;
  tls: boolean | Options;
  object: Options;
  callback: Callback;
  credentials: CredentialProvider;
  failover: FailoverStrategy;
  retryPolicy: GivenRetryPolicy;
  routes: TaskRoutes;
  queues: TaskQueues;
  annotations: TaskAnnotations;
  schedule: BeatSchedule;
}

/** What the program gets for a setting of each kind: what was given, where it is not named here. */
export interface Resolved extends Omit<Given, "seconds" | "urls" | "deliveryMode" | "pool" | "retryPolicy"> {
  seconds: number;
  urls: readonly string[];
  deliveryMode: 1 | 2;
  pool: "prefork" | "threads" | "solo" | "async";
  retryPolicy: RetryPolicy;
}

/** The kinds whose values have one type for every setting. */
export type KindName = keyof Given;
