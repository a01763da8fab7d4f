// A part of a worker, of its consumer, or of anything else that is started and stopped in parts. Steps are values.

/** What a blueprint starts and stops. `Parent` is what the parts belong to, such as the worker; steps meet each other through it. */
export interface Step<Parent> {
  /** Its name in its blueprint. Another step of the same name takes its place. */
  readonly name: string;
  /** Short name for logs and drawings. @default the name */
  readonly label?: string;
  /** Names of steps of the same blueprint that are created and started before it. */
  readonly requires?: readonly string[];
  /** Comes after all others. Exactly one of a blueprint may say so. */
  readonly last?: boolean;
  /** Whether it is there depends on the configuration: drawn with a mark, no effect otherwise. */
  readonly conditional?: boolean;
  /** Called for every step in order, those that are not enabled included, before any is created: puts its defaults on the parent. */
  init?(parent: Parent): void;
  /** Whether it takes part. @default true */
  enabled?(parent: Parent): boolean;
  /** Makes what it needs and puts it on the parent. Called once, in order. What must be stopped again is begun in `start`. */
  create?(parent: Parent): void | Promise<void>;
  /**
   * Starts it. Called again at each restart of the blueprint. Must not wait for the end of the blueprint, which waits for it.
   * @param signal aborted when the blueprint is to end: a start that waits for something then gives up
   */
  start?(parent: Parent, signal: AbortSignal): void | Promise<void>;
  /** Stops it: what runs is ended in good order. May be called when `start` failed half-way. */
  stop?(parent: Parent): void | Promise<void>;
  /** Prepares for the end: takes no new work. Called once, in the order of starting, before all are stopped. */
  close?(parent: Parent): void | Promise<void>;
  /** Ends it at once. @default stop */
  terminate?(parent: Parent): void | Promise<void>;
  /** What `inspect stats` tells of it. */
  info?(parent: Parent): Readonly<Record<string, unknown>> | undefined;
}
