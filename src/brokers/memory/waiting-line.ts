// The messages of a queue that wait for a consumer: by priority, the highest first, and in the order of publishing within one priority.
// New ones go to the end of a plain list; those given back, or due after a delay, go to a heap beside it, and the older head of both is
// next. So taking costs O(1), and giving back O(log n) of what was given back, however long the line is.
import { BinaryHeap } from "../../util/binary-heap.ts";
import type { StoredMessage } from "./stored-message.ts";

interface Level {
  readonly priority: number;
  fifo: (StoredMessage | undefined)[];
  head: number;
  readonly returned: BinaryHeap<StoredMessage>;
}

const isOlder = (a: StoredMessage, b: StoredMessage): boolean => a.order < b.order;
/** Taken entries at the front of a list are cut off when they are so many and more than half of it. */
const COMPACT_AT = 1024;

/** The waiting messages of one queue. */
export class WaitingLine {
  /** The highest priority first. */
  #levels: Level[] = [];
  #size = 0;

  /** How many messages wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds a message at its place, which for one that is new is the end. */
  add(stored: StoredMessage): void {
    const level = this.#level(stored.priority);
    const last = level.fifo[level.fifo.length - 1];
    stored.state = "waiting";
    if (level.fifo.length === level.head || (last !== undefined && isOlder(last, stored))) level.fifo.push(stored);
    else level.returned.push(stored);
    this.#size++;
  }

  /** Takes the next message. */
  take(): StoredMessage | undefined {
    for (const level of this.#levels) {
      const stored = takeFrom(level);
      if (stored === undefined) continue;
      this.#size--;
      return stored;
    }
    return undefined;
  }

  /** Leaves out a message that waits here; its entry is skipped when its turn comes. */
  drop(stored: StoredMessage): void {
    stored.state = "gone";
    this.#size--;
  }

  /** Removes all; returns how many there were. */
  clear(): number {
    const count = this.#size;
    for (const level of this.#levels) {
      for (const stored of level.fifo) if (stored !== undefined) stored.state = "gone";
      for (const stored of level.returned) stored.state = "gone";
    }
    this.#levels = [];
    this.#size = 0;
    return count;
  }

  #level(priority: number): Level {
    for (const level of this.#levels) if (level.priority === priority) return level;
    const level: Level = { priority, fifo: [], head: 0, returned: new BinaryHeap(isOlder) };
    this.#levels.push(level);
    this.#levels.sort((a, b) => b.priority - a.priority);
    return level;
  }
}

function takeFrom(level: Level): StoredMessage | undefined {
  const { returned } = level;
  while (returned.peek()?.state === "gone") returned.pop();
  let next = level.fifo[level.head];
  while (next?.state === "gone") {
    advance(level);
    next = level.fifo[level.head];
  }
  const back = returned.peek();
  if (back !== undefined && (next === undefined || isOlder(back, next))) return returned.pop();
  if (next !== undefined) advance(level);
  return next;
}

function advance(level: Level): void {
  level.fifo[level.head++] = undefined;
  if (level.head === level.fifo.length) {
    level.fifo = [];
    level.head = 0;
  } else if (level.head >= COMPACT_AT && level.head * 2 > level.fifo.length) {
    level.fifo = level.fifo.slice(level.head);
    level.head = 0;
  }
}
