/** A queue that is cheap at both ends: jobs come in at the back, and those that a child gave back return to the front. */
export class JobQueue<T> {
  #items: (T | undefined)[] = Array.from({ length: 16 });
  #head = 0;
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds at the back. */
  push(item: T): void {
    if (this.#size === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item;
    this.#size++;
  }

  /** Adds at the front. */
  unshift(item: T): void {
    if (this.#size === this.#items.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#items.length - 1);
    this.#items[this.#head] = item;
    this.#size++;
  }

  /** The one at the front, which stays; undefined where none waits. */
  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#items[this.#head];
  }

  /** Takes the one at the front; undefined where none waits. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size--;
    return item;
  }

  /** Whether one that waits is like that. Looks at each: for what is rare. */
  some(isWanted: (item: T) => boolean): boolean {
    for (let i = 0; i < this.#size; i++) {
      const item = this.#items[(this.#head + i) & (this.#items.length - 1)];
      if (item !== undefined && isWanted(item)) return true;
    }
    return false;
  }

  /** Takes the last ones, so many at most, in order. */
  takeLast(count: number): T[] {
    const last: T[] = [];
    while (last.length < count && this.#size > 0) {
      const at = (this.#head + --this.#size) & (this.#items.length - 1);
      const item = this.#items[at];
      this.#items[at] = undefined;
      if (item !== undefined) last.unshift(item);
    }
    return last;
  }

  /** Takes all, in order. */
  takeAll(): T[] {
    const all: T[] = [];
    for (let item = this.shift(); item !== undefined; item = this.shift()) all.push(item);
    return all;
  }

  /** The length stays a power of two, so that a mask does for a remainder. */
  #grow(): void {
    const length = this.#items.length;
    const wider: (T | undefined)[] = Array.from({ length: length * 2 });
    for (let i = 0; i < length; i++) wider[i] = this.#items[(this.#head + i) & (length - 1)];
    this.#items = wider;
    this.#head = 0;
  }
}
