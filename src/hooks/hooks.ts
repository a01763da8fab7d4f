// The hooks of one app. Handlers observe: what they throw is logged and stops neither the other handlers nor what they observe.
// Hot paths ask `has` before they build a payload.
import { UsageError } from "../errors/celeriac-error.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { celeryNamesOfHooks, type HookMap, type HookName } from "./hook-map.ts";

/** A function called at a hook. */
export type HookHandler<Name extends HookName> = (payload: HookMap[Name]) => void | Promise<void>;

/** How a handler is registered. */
export interface HookOptions {
  /** Only for this sender: by hook, the name of a task, of a node, of a command or of an app, or something that has that name. */
  readonly sender?: string | { readonly name: string };
  /** Names the handler: a second one with the same name and sender is not registered. @default the function itself */
  readonly key?: string;
  /** A handler that throws is called again, after 2 s, 4 s and so on up to 30 s, until it does not. @default false */
  readonly retry?: boolean;
}

/** What hooks work with. */
export interface HooksParams {
  readonly logger?: Logger;
  readonly clock?: Clock;
}

interface Registration {
  readonly handler: (payload: { readonly sender: string }) => void | Promise<void>;
  readonly identity: unknown;
  readonly sender: string | undefined;
  readonly retry: boolean;
  /** Aborted when it is removed, which ends its tries. */
  readonly removed: AbortController;
}

const RETRY_STEP_MS = 2000;
const RETRY_MAX_MS = 30_000;

/** The handlers of one app, by hook. */
export class Hooks {
  readonly #registrations = new Map<HookName, readonly Registration[]>();
  readonly #logger: Logger;
  readonly #clock: Clock;

  constructor(params: HooksParams = {}) {
    this.#logger = params.logger ?? silentLogger;
    this.#clock = params.clock ?? systemClock;
  }

  /**
   * Calls a function whenever this happens. Gives what removes it again.
   * @throws UsageError where no hook has that name
   */
  on<Name extends HookName>(name: Name, handler: HookHandler<Name>, options: HookOptions = {}): () => void {
    if (!Object.hasOwn(celeryNamesOfHooks, name)) throw unknownHook(name);
    const sender = typeof options.sender === "object" || typeof options.sender === "function" ? options.sender.name : options.sender;
    const identity = options.key ?? handler;
    const before = this.#registrations.get(name) ?? [];
    let registration = before.find((one) => one.identity === identity && one.sender === sender);
    if (!registration) {
      // Every payload has a sender; which further fields it has is known by the name, which the map does not keep.
      const untyped = handler as unknown as Registration["handler"];
      registration = { handler: untyped, identity, sender, retry: options.retry ?? false, removed: new AbortController() };
      this.#registrations.set(name, [...before, registration]);
    }
    const registered = registration;
    return () => this.#remove(name, registered);
  }

  /** Whether anybody listens. Cheap: ask it before building a payload. */
  has(name: HookName): boolean {
    return this.#registrations.has(name);
  }

  /** Calls the handlers, in the order in which they were registered, without waiting for what they promise. */
  emit<Name extends HookName>(name: Name, payload: HookMap[Name]): void {
    const registrations = this.#registrations.get(name);
    if (!registrations) return;
    for (const registration of registrations) {
      if (wants(registration, payload)) void this.#call(name, registration, payload);
    }
  }

  /** Calls the handlers one after the other, each when what the one before promised has settled. */
  async emitAsync<Name extends HookName>(name: Name, payload: HookMap[Name]): Promise<void> {
    const registrations = this.#registrations.get(name);
    if (!registrations) return;
    for (const registration of registrations) {
      if (wants(registration, payload)) await this.#call(name, registration, payload);
    }
  }

  /** Removes all handlers and ends their tries. */
  close(): void {
    for (const [name, registrations] of this.#registrations) for (const registration of registrations) this.#remove(name, registration);
  }

  /** Undefined where the handler was done at once. Never throws and never rejects. */
  #call(name: HookName, registration: Registration, payload: { readonly sender: string }): Promise<void> | undefined {
    try {
      const promised = registration.handler(payload);
      if (!isThenable(promised)) return undefined;
      return Promise.resolve(promised).catch((error: unknown) => this.#failed(name, registration, payload, error));
    } catch (error) {
      return this.#failed(name, registration, payload, error);
    }
  }

  async #failed(name: HookName, registration: Registration, payload: { readonly sender: string }, error: unknown): Promise<void> {
    this.#logger.error({ err: error, hook: name, sender: payload.sender }, `a handler of the hook ${name} threw`);
    const { signal } = registration.removed;
    for (let attempt = 1; registration.retry && !signal.aborted; attempt++) {
      try {
        await this.#clock.sleep(Math.min(RETRY_MAX_MS, RETRY_STEP_MS * attempt), signal);
        await registration.handler(payload);
        return;
      } catch (again) {
        if (signal.aborted) return;
        this.#logger.error({ err: again, hook: name, sender: payload.sender, attempt }, `a handler of the hook ${name} threw again`);
      }
    }
  }

  #remove(name: HookName, registration: Registration): void {
    const left = (this.#registrations.get(name) ?? []).filter((one) => one !== registration);
    if (left.length > 0) this.#registrations.set(name, left);
    else this.#registrations.delete(name);
    registration.removed.abort();
  }
}

function wants(registration: Registration, payload: { readonly sender: string }): boolean {
  return (registration.sender === undefined || registration.sender === payload.sender) && !registration.removed.signal.aborted;
}

function isThenable(value: unknown): value is PromiseLike<void> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function unknownHook(name: string): UsageError {
  const near =
    Object.entries(celeryNamesOfHooks).find(([, celery]) => celery === name)?.[0] ?? didYouMean(name, Object.keys(celeryNamesOfHooks));
  return new UsageError("CELERIAC_USAGE", {
    message: `no hook is called ${JSON.stringify(name)}${near ? `; did you mean ${JSON.stringify(near)}?` : ""}`,
  });
}
