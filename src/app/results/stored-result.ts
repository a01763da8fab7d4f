// A result that a backend keeps, by the id of its task. Nothing is read before it is asked for.
import type { WaitOptions } from "../../backend/result-waiter.ts";
import type { AsyncResult, GetOptions } from "../../canvas/async-result.ts";
import { UsageError } from "../../errors/celeriac-error.ts";
import { currentTask } from "../../execution/current-task.ts";
import { decodeException } from "../../protocol/exception-record.ts";
import type { ResultMeta, ResultTuple } from "../../protocol/result-meta.ts";
import { EXCEPTION_STATES, isReady, PROPAGATE_STATES, states, type TaskState } from "../../protocol/states.ts";
import { durationMs } from "../../util/duration.ts";
import { parseIsoTime } from "../../util/iso-time.ts";
import type { ResultSource } from "./result-source.ts";

/** A handle of a task that was sent. */
export class StoredResult<R> implements AsyncResult<R> {
  readonly id: string;
  readonly parent: AsyncResult<unknown> | null;
  readonly ignored: boolean;
  readonly #source: ResultSource;
  /** What is stored once the task has ended, which does not change any more. */
  #ended: ResultMeta | undefined;

  /** @param ignored whether nothing will be stored, so that `get()` gives null at once */
  constructor(id: string, source: ResultSource, parent: AsyncResult<unknown> | null = null, ignored = false) {
    this.id = id;
    this.parent = parent;
    this.#source = source;
    this.ignored = ignored;
  }

  async get(options: GetOptions = {}): Promise<R> {
    refuseInsideTask(options);
    // Python's null: the type says R, which a caller that asked for no result does not expect.
    if (this.ignored) return null as R;
    const { propagate = true } = options;
    this.#ended ??= await this.#wait(options, propagate);
    return this.#value(this.#ended, propagate) as R; // what the task returned is what its type says
  }

  async #wait(options: GetOptions, propagate: boolean): Promise<ResultMeta> {
    const backend = await this.#source.backend();
    const { signal, followParents = true } = options;
    const { parent } = this;
    return parent !== null && propagate && followParents
      ? firstToEnd(parent, signal, (stopped) => backend.wait(this.id, waitOptions(options, stopped)))
      : backend.wait(this.id, waitOptions(options, signal));
  }

  async state(): Promise<TaskState> {
    return (await this.meta()).status;
  }

  async ready(): Promise<boolean> {
    return isReady(await this.state());
  }

  async successful(): Promise<boolean> {
    return (await this.state()) === states.SUCCESS;
  }

  async failed(): Promise<boolean> {
    return (await this.state()) === states.FAILURE;
  }

  async info(): Promise<unknown> {
    return this.#value(await this.meta(), false);
  }

  async traceback(): Promise<string | null> {
    return (await this.meta()).traceback;
  }

  async children(): Promise<readonly AsyncResult<unknown>[] | null> {
    const { children } = await this.meta();
    return children === null ? null : children.map((child) => resultFromTuple(child, this.#source));
  }

  async dateDone(): Promise<Date | null> {
    const { dateDone } = await this.meta();
    const time = dateDone === null ? undefined : parseIsoTime(dateDone);
    return time === undefined ? null : new Date(time.epochMs);
  }

  async exists(): Promise<boolean> {
    // No task stores PENDING: it is what a backend says of an id that it does not know.
    return (await this.state()) !== states.PENDING;
  }

  async meta(): Promise<ResultMeta> {
    if (this.#ended !== undefined) return this.#ended;
    const backend = await this.#source.backend();
    const meta = await backend.getMeta(this.id);
    if (isReady(meta.status)) this.#ended = meta;
    return meta;
  }

  async forget(): Promise<void> {
    const backend = await this.#source.backend();
    const ids = [this.id];
    for (let at = this.parent; at !== null; at = at.parent) ids.push(at.id);
    await backend.forget(ids);
    this.#ended = undefined;
  }

  toTuple(): ResultTuple {
    return [[this.id, this.parent?.toTuple() ?? null], null];
  }

  #value(meta: ResultMeta, propagate: boolean): unknown {
    if (!EXCEPTION_STATES.has(meta.status)) return meta.result;
    if (meta.result === null && meta.status === states.RETRY) return null;
    const error = decodeException(meta.result, { classes: this.#source.errorClasses });
    if (propagate && PROPAGATE_STATES.has(meta.status)) throw error;
    return error;
  }
}

/** Rebuilds the handle of a result from its name. */
export function resultFromTuple([[id, parent]]: ResultTuple, source: ResultSource): AsyncResult<unknown> {
  return new StoredResult(id, source, parent === null ? null : resultFromTuple(parent, source));
}

function waitOptions({ timeout, onState }: GetOptions, signal: AbortSignal | undefined): WaitOptions {
  const timeoutMs = timeout === undefined ? undefined : durationMs(timeout, "the option timeout of get()");
  if (timeoutMs !== undefined && timeoutMs < 0) {
    throw new UsageError("CELERIAC_USAGE", {
      message: `expected the option timeout of get() not to be negative, got: ${JSON.stringify(timeout)}; leave it out to wait without a limit`,
    });
  }
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(onState === undefined ? {} : { onMeta: onState }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** A failure of a step before this one is thrown without waiting for this one, which may never run. */
async function firstToEnd(
  parent: AsyncResult<unknown>,
  signal: AbortSignal | undefined,
  wait: (signal: AbortSignal) => Promise<ResultMeta>,
): Promise<ResultMeta> {
  const over = new AbortController();
  const stopped = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const waiting = wait(stopped);
  const failed = parent.get({ signal: stopped, disableSyncSubtasks: false }).then(() => waiting);
  try {
    return await Promise.race([waiting, failed]);
  } finally {
    over.abort();
    // The one that lost the race has nobody else to tell.
    void Promise.allSettled([waiting, failed]);
  }
}

function refuseInsideTask({ disableSyncSubtasks = true }: GetOptions): void {
  const task = disableSyncSubtasks ? currentTask() : undefined;
  if (task === undefined || task.request.calledDirectly) return;
  throw new UsageError("CELERIAC_BLOCKING_GET", { task: task.request.task });
}
