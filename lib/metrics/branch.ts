/**
 * Children by key, made when first asked for, and never more than there is room for.
 *
 * Strangers choose many keys (models, paths): what finds no room shares one child.
 *
 * @module
 */

import { LABEL_CHARS_MAX, LABEL_VALUES_MAX } from "../core/limits.ts";
import { labelText } from "./exposition.ts";

/** The label of everything that found no room. */
export const OTHER = "other";

/** How many more children there may be; branches may share it. */
export class Room {
  #left: number;

  /** Room for `max`. */
  constructor(max: number = LABEL_VALUES_MAX) {
    this.#left = max;
  }

  /** Takes a place, if there is one. */
  take(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}

/** Children by key. A look-up of a known key is one look into a map. */
export class Branch<T> {
  readonly #make: (label: string) => T;
  readonly #room: Room;
  readonly #children = new Map<string | number, T>();
  #rest: T | undefined;

  /** None yet; `make` gets the key as the value of a label. */
  constructor(make: (label: string) => T, room: Room = new Room()) {
    this.#make = make;
    this.#room = room;
  }

  /** The child of `key`. */
  at(key: string | number): T {
    const short = typeof key === "number" || key.length <= LABEL_CHARS_MAX
      ? key
      : labelText(key);
    return this.#children.get(short) ?? this.#grow(short);
  }

  #grow(key: string | number): T {
    const label = labelText(String(key));
    const kept = typeof key === "number" ? key : label;
    if (kept !== key) return this.at(kept);
    if (!this.#room.take()) return this.#rest ??= this.#make(OTHER);
    const child = this.#make(label);
    this.#children.set(kept, child);
    return child;
  }
}
