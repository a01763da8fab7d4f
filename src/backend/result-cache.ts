import type { ResultMeta } from "../protocol/result-meta.ts";
import { isReady } from "../protocol/states.ts";
import { LruMap } from "../util/lru-map.ts";

/** The results that have ended and were read lately, so that they are not read again. */
export class ResultCache {
  readonly #metas: LruMap<string, ResultMeta> | undefined;

  /** @param max how many are kept: the setting `resultCacheMax`; -1 keeps none, 0 and null keep all */
  constructor(max: number | null) {
    if (max === null || max === 0) this.#metas = new LruMap(Number.POSITIVE_INFINITY);
    else if (max > 0) this.#metas = new LruMap(max);
  }

  /** A result that has ended, if it is kept. */
  get(taskId: string): ResultMeta | undefined {
    return this.#metas?.get(taskId);
  }

  /** Keeps a result, if it has ended. */
  add(meta: ResultMeta): void {
    if (this.#metas && isReady(meta.status)) this.#metas.set(meta.taskId, meta);
  }

  /** Keeps it no more, as it was replaced or forgotten. */
  drop(taskId: string): void {
    this.#metas?.delete(taskId);
  }
}
