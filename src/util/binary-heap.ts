/** A priority queue: `pop` gives the least item first, by the order it was made with. Push and pop take O(log n). */
export class BinaryHeap<T> {
  #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  /** @param isBefore whether `a` comes out before `b` */
  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  /** How many items are in it. */
  get size(): number {
    return this.#items.length;
  }

  /** The least item, left where it is. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above] as T; // above < at <= the last index
      if (!this.#isBefore(item, parent)) break;
      items[at] = parent;
      at = above;
    }
    items[at] = item;
  }

  /** Takes the least item out. */
  pop(): T | undefined {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (items.length > 0 && last !== undefined) this.#sink(last);
    return least;
  }

  /** Keeps only what the predicate holds for. Takes O(n). */
  retain(keep: (item: T) => boolean): void {
    const kept = this.#items.filter(keep);
    this.#items = [];
    for (const item of kept) this.push(item);
  }

  clear(): void {
    this.#items = [];
  }

  /** The items, in no particular order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#items.values();
  }

  /** Puts an item in the place of the first, which was taken out. */
  #sink(item: T): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      let child = items[below] as T; // below < length
      if (below + 1 < items.length) {
        const right = items[below + 1] as T; // below + 1 < length
        if (this.#isBefore(right, child)) {
          child = right;
          below++;
        }
      }
      if (!this.#isBefore(child, item)) break;
      items[at] = child;
      at = below;
    }
    items[at] = item;
  }
}
