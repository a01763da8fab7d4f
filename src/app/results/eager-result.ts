import type { AsyncResult, GetOptions } from "../../canvas/async-result.ts";
import type { ResultMeta, ResultTuple } from "../../protocol/result-meta.ts";
import { isReady, states, type TaskState } from "../../protocol/states.ts";
import { parseIsoTime } from "../../util/iso-time.ts";

/** How an eager call ended. */
export interface EagerEnd {
  readonly state: TaskState;
  /** The value, or the error. */
  readonly value: unknown;
  readonly traceback: string | null;
  /** ISO-8601. */
  readonly dateDone: string;
}

/** The result of a task that was executed here: it is there from the start, and no backend is asked for it. */
export class EagerResult<R> implements AsyncResult<R> {
  readonly id: string;
  readonly parent: AsyncResult<unknown> | null;
  readonly ignored: boolean = false;
  readonly #end: EagerEnd;
  readonly #children: readonly AsyncResult<unknown>[];

  constructor(id: string, end: EagerEnd, parent: AsyncResult<unknown> | null = null, children: readonly AsyncResult<unknown>[] = []) {
    this.id = id;
    this.parent = parent;
    this.#end = end;
    this.#children = children;
  }

  async get({ propagate = true }: GetOptions = {}): Promise<R> {
    const { state, value } = this.#end;
    if (propagate && (state === states.FAILURE || state === states.REVOKED)) throw value;
    return value as R; // what the task returned is what its type says
  }

  async state(): Promise<TaskState> {
    return this.#end.state;
  }

  async ready(): Promise<boolean> {
    return isReady(this.#end.state);
  }

  async successful(): Promise<boolean> {
    return this.#end.state === states.SUCCESS;
  }

  async failed(): Promise<boolean> {
    return this.#end.state === states.FAILURE;
  }

  async info(): Promise<unknown> {
    return this.#end.value;
  }

  async traceback(): Promise<string | null> {
    return this.#end.traceback;
  }

  async children(): Promise<readonly AsyncResult<unknown>[]> {
    return this.#children;
  }

  async dateDone(): Promise<Date | null> {
    const time = parseIsoTime(this.#end.dateDone);
    return time === undefined ? null : new Date(time.epochMs);
  }

  async exists(): Promise<boolean> {
    return true;
  }

  async meta(): Promise<ResultMeta> {
    const { state, value, traceback, dateDone } = this.#end;
    return { taskId: this.id, status: state, result: value, traceback, children: this.#children.map((child) => child.toTuple()), dateDone };
  }

  /** There is nothing stored to be removed. */
  async forget(): Promise<void> {}

  toTuple(): ResultTuple {
    return [[this.id, this.parent?.toTuple() ?? null], null];
  }
}
