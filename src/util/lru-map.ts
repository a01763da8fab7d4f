/** A map of at most so many entries: the one that was not used for longest goes first. */
export class LruMap<Key, Value> {
  /** In the order of use, the oldest first: a Map keeps the order in which keys were set. */
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;

  /** @param limit how many entries are kept; Infinity keeps them all */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which counts as a use. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined && this.#limit !== Number.POSITIVE_INFINITY) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** Sets the value of a key, and drops the oldest entry where there are too many. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** Removes a key. */
  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  /** Removes everything. */
  clear(): void {
    this.#entries.clear();
  }
}
