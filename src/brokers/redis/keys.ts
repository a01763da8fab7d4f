// The names of keys and channels: kombu's, and below "celeriac." our own, which Python's programs do not look at. Fields of `unacked` that we made begin
// with "celeriac:" and tell who holds the message, and in which list it was.
import type { RedisBrokerOptions } from "./broker-options.ts";

/** What the fields begin with that are ours. */
export const FIELD_PREFIX = "celeriac:";
/** What the fields of parked messages begin with: nobody holds them. */
export const PARKED_PREFIX = "celeriac:parked:";

/** Names of keys and channels by the options. */
export class Keys {
  readonly unacked: string;
  readonly index: string;
  readonly mutex: string;
  /** The lock of those who restore what dead processes of ours held. */
  readonly sweepLock: string;
  /** Hash: by the name of a queue its record, see queue-registry.ts. */
  readonly queues: string;
  /** Hash: by the name of an exchange its declaration as JSON. */
  readonly exchanges: string;
  /** Sorted set: the processes, by the time in milliseconds until which each is taken to be alive. */
  readonly owners: string;
  /** Channel: what idle consumers must hear of at once. */
  readonly notices: string;
  readonly steps: readonly number[];
  readonly #options: RedisBrokerOptions;
  readonly #prefix: string;

  constructor(options: RedisBrokerOptions) {
    this.#options = options;
    this.#prefix = options.keyPrefix;
    this.steps = options.prioritySteps;
    this.unacked = this.#prefix + options.unackedKey;
    this.index = this.#prefix + options.unackedIndexKey;
    this.mutex = this.#prefix + options.unackedMutexKey;
    this.sweepLock = `${this.#prefix}celeriac.sweep`;
    this.queues = `${this.#prefix}celeriac.queues`;
    this.exchanges = `${this.#prefix}celeriac.exchanges`;
    this.owners = `${this.#prefix}celeriac.owners`;
    this.notices = `${this.#prefix}${options.fanoutPrefix}celeriac.notices`;
  }

  /** The list of a queue for messages of one step of priority. */
  list(queue: string, step: number): string {
    return step === 0 ? this.#prefix + queue : `${this.#prefix}${queue}${this.#options.separator}${step}`;
  }

  /** All lists of a queue, in the order of being served. */
  lists(queue: string): readonly string[] {
    return this.steps.map((step) => this.list(queue, step));
  }

  /** The step of a priority: the largest that is not above it. kombu takes priorities for 0 to 9. */
  stepOf(priority: number | undefined): number {
    if (priority === undefined || priority === 0) return 0;
    const clamped = Math.min(Math.max(Math.trunc(priority), 0), 9);
    let found = 0;
    for (const step of this.steps) if (step <= clamped) found = step;
    return found;
  }

  /** The set of an exchange's bindings. */
  binding(exchange: string): string {
    return `${this.#prefix}_kombu.binding.${exchange}`;
  }

  /** What all sets of bindings begin with. */
  get bindingPrefix(): string {
    return `${this.#prefix}_kombu.binding.`;
  }

  /** A member of the set of bindings. */
  bindingMember(routingKey: string, pattern: string, queue: string): string {
    return [routingKey, pattern, queue].join(this.#options.separator);
  }

  /** The parts of such a member. */
  splitBinding(member: string): { readonly routingKey: string; readonly pattern: string; readonly queue: string } {
    const [routingKey = "", pattern = "", ...queue] = member.split(this.#options.separator);
    return { routingKey, pattern, queue: queue.join(this.#options.separator) };
  }

  /** Sorted set: the parked messages of a queue, by the time in milliseconds at which each is due. */
  due(queue: string): string {
    return `${this.#prefix}celeriac.due.${queue}`;
  }

  /** Set: our consumers of a queue. */
  consumers(queue: string): string {
    return `${this.#prefix}celeriac.consumers.${queue}`;
  }

  /** The channel of a publication to a fanout exchange. */
  channel(exchange: string, routingKey: string): string {
    const base = this.channelBase(exchange);
    return routingKey !== "" && this.#options.fanoutPatterns ? `${base}/${routingKey}` : base;
  }

  /** The channel of an exchange without a routing key. */
  channelBase(exchange: string): string {
    return this.#prefix + this.#options.fanoutPrefix + exchange;
  }

  /** Whether fanout channels tell the routing key. */
  get fanoutPatterns(): boolean {
    return this.#options.fanoutPatterns;
  }
}

/** kombu's regular expression for the pattern of a topic binding, which its publishers go by. */
export function kombuPattern(routingKey: string): string {
  const words = routingKey.split(".").map((word) => (word === "*" ? ".*?[^\\.]" : word === "#" ? ".*?" : escapeLikePython(word)));
  return `^${words.join("\\.")}$`;
}

/** kombu's escape_regex: everything but letters, digits and `.#*` gets a backslash. */
function escapeLikePython(word: string): string {
  return word.replace(/[^\p{L}\p{N}.#*]/gu, (letter) => (letter === "\0" ? "\\000" : `\\${letter}`));
}
