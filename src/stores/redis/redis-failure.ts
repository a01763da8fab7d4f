// What goes wrong with Redis, sorted by what the caller can still do. Drivers turn these into errors of their own family by `kind`.

/** What can be done about a failure: try again later, connect anew, or nothing before something is corrected. */
export type RedisFailureKind = "unavailable" | "lost" | "refused";

/** A failure of Redis or of the way to it, with a sentence that says what to do. */
export class RedisFailure extends Error {
  override readonly name = "RedisFailure";
  readonly kind: RedisFailureKind;
  /** The first word of Redis' own answer, such as `OOM`, or the system's code, such as `ECONNREFUSED`; empty where there is neither. */
  readonly code: string;

  constructor(kind: RedisFailureKind, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }
}

interface Known {
  readonly kind: RedisFailureKind;
  readonly advice: string;
}

/** Redis' answers by their first word. */
const ANSWERS: Readonly<Record<string, Known>> = {
  OOM: {
    kind: "unavailable",
    advice:
      "Redis has reached its maxmemory and takes no more; nothing that it holds was lost. Give it more memory, or remove what is not needed",
  },
  READONLY: {
    kind: "unavailable",
    advice: "this Redis is a read-only replica; connect to its master, or through a sentinel",
  },
  LOADING: { kind: "unavailable", advice: "Redis is still loading its data; try again when it has" },
  BUSY: { kind: "unavailable", advice: "a script of somebody keeps Redis busy; wait for its end or send it SCRIPT KILL" },
  MASTERDOWN: { kind: "unavailable", advice: "this Redis is a replica that has lost its master" },
  MISCONF: { kind: "unavailable", advice: "Redis cannot save to its disk and so takes no writes; look into its log" },
  NOREPLICAS: { kind: "unavailable", advice: "Redis has fewer replicas than min-replicas-to-write asks for" },
  CLUSTERDOWN: { kind: "unavailable", advice: "the Redis cluster is down" },
  TRYAGAIN: { kind: "unavailable", advice: "the Redis cluster is moving these keys; try again" },
  UNKILLABLE: { kind: "unavailable", advice: "a script of somebody keeps Redis busy" },
  WRONGPASS: { kind: "refused", advice: "the user name or password of the URL is wrong; correct it" },
  NOAUTH: { kind: "refused", advice: "this Redis wants a password and the URL has none; write redis://:password@host" },
  NOPERM: { kind: "refused", advice: "the rules (ACL) of this Redis user do not allow it" },
  WRONGTYPE: {
    kind: "refused",
    advice: "a key that a queue or result needs holds something else; find who writes it, or set a global_keyprefix of your own",
  },
  MOVED: {
    kind: "refused",
    advice: "this is a node of a Redis cluster, where the keys of one queue live apart; use a Redis that is no cluster",
  },
  CROSSSLOT: { kind: "refused", advice: "this is a Redis cluster, where the keys of one queue live apart; use a Redis that is no cluster" },
};

/** Turns an error that Redis answered with into a failure; failures stay as they are. */
export function redisAnswerFailure(error: Error): RedisFailure {
  if (error instanceof RedisFailure) return error;
  // The client notes the command with its arguments, which may be a password or megabytes.
  delete (error as { command?: unknown }).command;
  const text = error.message;
  const word = /^[A-Z]+(?= |$)/.exec(text)?.[0] ?? "";
  const inner = word === "ERR" ? innerWord(text) : word;
  const known = ANSWERS[inner];
  if (known !== undefined) return new RedisFailure(known.kind, inner, `${known.advice} (${text})`, { cause: error });
  if (/DB index is out of range/i.test(text))
    return new RedisFailure("refused", "ERR", `this Redis has no database of that number; take a lower one (${text})`, { cause: error });
  return new RedisFailure("refused", word, text, { cause: error });
}

/** Turns what ended a socket, or kept it from being opened, into a failure. */
export function redisSocketFailure(kind: "unavailable" | "lost", error: Error | undefined): RedisFailure {
  if (error === undefined) return new RedisFailure(kind, "", "the server closed the connection");
  if (error instanceof RedisFailure) return error;
  const word = /^[A-Z]+(?= )/.exec(error.message)?.[0];
  if (word !== undefined && (word in ANSWERS || word === "ERR")) return redisAnswerFailure(error);
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new RedisFailure(kind, code, messageOf(error), { cause: error });
}

/** Redis says of an error inside a script "ERR <the error's own text> script: ...", or "ERR Error running script (...): @user_script:1: OOM ...". */
function innerWord(text: string): string {
  for (const word of Object.keys(ANSWERS)) if (text.includes(`${word} `)) return word;
  return "ERR";
}

/** An AggregateError, as of a name with several addresses, has no message of its own. */
function messageOf(error: Error): string {
  if (error.message !== "") return error.message;
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  const first = inner.find((at): at is Error => at instanceof Error);
  return first?.message ?? (error as NodeJS.ErrnoException).code ?? error.name;
}
