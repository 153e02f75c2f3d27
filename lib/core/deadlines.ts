/**
 * Deadlines in order: a binary heap whose entries know their own place, so that setting,
 * moving and clearing one costs O(log n) and allocates nothing.
 *
 * Knows numbers; does not know what time it is. Every clock keeps one.
 *
 * @module
 */

/** A deadline that can be set, moved and cleared; rings at most once for each setting. */
export interface Timer {
  /** Rings at `atMs` on the clock's scale; moves the deadline if one is set. */
  set(atMs: number): void;
  /** Forgets the deadline, if any. */
  clear(): void;
}

/** One entry of {@linkcode Deadlines}. */
export class Deadline {
  /** When it is due. */
  atMs = 0;
  /** Its place in the heap; -1 when it is not set. */
  index = -1;
  /** What to do then, told how late it is. */
  readonly ring: (lateMs: number) => void;

  /** An unset deadline. */
  constructor(ring: (lateMs: number) => void) {
    this.ring = ring;
  }
}

/** A min-heap of {@linkcode Deadline}s. */
export class Deadlines {
  #heap: Deadline[] = [];

  /** When the earliest is due; Infinity when none is set. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Sets or moves one. */
  set(deadline: Deadline, atMs: number): void {
    deadline.atMs = atMs;
    if (deadline.index < 0) deadline.index = this.#heap.push(deadline) - 1;
    this.#settle(deadline);
  }

  /** Takes one out. */
  clear(deadline: Deadline): void {
    const { index } = deadline;
    if (index < 0) return;
    deadline.index = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === deadline) return;
    this.#put(last, index);
    this.#settle(last);
  }

  /** Rings, in order, all that is due at `limitMs`; `nowMs` tells each how late it is. */
  ring(limitMs: number, nowMs: number): void {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.atMs > limitMs) return;
      this.clear(first);
      first.ring(nowMs - first.atMs);
    }
  }

  #settle(deadline: Deadline): void {
    let index = deadline.index;
    for (let parent = this.#earlierParent(deadline, index); parent >= 0;) {
      this.#put(this.#heap[parent] as Deadline, index);
      index = parent;
      parent = this.#earlierParent(deadline, index);
    }
    for (let child = this.#laterChild(deadline, index); child >= 0;) {
      this.#put(this.#heap[child] as Deadline, index);
      index = child;
      child = this.#laterChild(deadline, index);
    }
    this.#put(deadline, index);
  }

  /** The parent of `index` if it must go below `deadline`, else -1. */
  #earlierParent(deadline: Deadline, index: number): number {
    if (index === 0) return -1;
    const parent = (index - 1) >> 1;
    return (this.#heap[parent] as Deadline).atMs > deadline.atMs ? parent : -1;
  }

  /** The smaller child of `index` if it must go above `deadline`, else -1. */
  #laterChild(deadline: Deadline, index: number): number {
    let child = 2 * index + 1;
    const left = this.#heap[child];
    if (left === undefined) return -1;
    const right = this.#heap[child + 1];
    let earliest = left;
    if (right !== undefined && right.atMs < left.atMs) {
      earliest = right;
      child++;
    }
    return earliest.atMs < deadline.atMs ? child : -1;
  }

  #put(deadline: Deadline, index: number): void {
    this.#heap[index] = deadline;
    deadline.index = index;
  }
}
