/**
 * Follows files and folders: says what they hold now, once they have held still for a moment.
 *
 * Events only say when to look; what is found decides. So an event too many costs a `stat`,
 * and one that never came is made up for by looking now and then. Knows nothing of what the
 * files mean.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Timer } from "../core/deadlines.ts";
import {
  isMissing,
  look,
  sameSight,
  type Seen,
  type Sight,
  signature,
} from "./file.ts";
import { foldersOf } from "./folders.ts";

/** What to follow, and how. */
export interface FollowOptions {
  /** Files, and folders whose files count. */
  readonly sources: readonly string[];
  /** Time. */
  readonly clock: Clock;
  /** Calls `changed` after anything in one of `folders` changed: the runtime's `watch`. */
  readonly watch: Watch;
  /** Told that something is new, though it may not hold still yet, or be as before in the end. */
  readonly noticed?: () => void;
  /** Looks at them this often instead of waiting for events. */
  readonly pollMs?: number;
}

/** Watches folders. */
export type Watch = (
  folders: readonly string[],
  changed: () => void,
) => Disposable;

/** How long they must hold still: no half-written state ever counts. */
const STILL_MS = 40;
/** How many times as long if one is missing or empty, and so likely on its way to something else. */
const STILL_EMPTY_TIMES = 5;
/** How much white space makes a file look empty. */
const BLANK_BYTES = 1024;
/** From an event to the look, for the other events of the same change. */
const DEBOUNCE_MS = 10;
/** Events can be missed, on network disks for one: a `stat` this often all the same. */
const SAFETY_MS = 2_000;
/** File times may be as coarse as this: a younger file is read again, whatever its times say. */
const COARSE_MS = 3_000;

/** Watches files, and looks when something happened. */
export class Follower implements Disposable {
  readonly #options: FollowOptions;
  readonly #next: Timer;
  readonly #pause: Timer;
  #wake: () => void = () => {};
  #changed: ((sight: Sight) => void) | undefined;
  /** What was last found, and the mark of that state once it is old enough to be trusted. */
  #known: Sight | undefined;
  #settledMark: string | undefined;
  #folders: ReadonlySet<string> = new Set();
  #watcher: Disposable | undefined;
  #round: Promise<void> | undefined;
  #refresh: Promise<void> | undefined;
  #stirred = false;
  #closed = false;

  /** Does nothing before {@linkcode begin}. */
  constructor(options: FollowOptions) {
    this.#options = options;
    this.#next = options.clock.timer(() => void this.#look());
    this.#pause = options.clock.timer(() => this.#wake());
  }

  /** Begins to watch, then looks, so that nothing falls between. */
  async begin(): Promise<Sight> {
    await this.#rewatch();
    return this.#known = await look(this.#options.sources);
  }

  /** What they hold once they have not changed for a moment; `first` is what was just found. */
  async still(first?: Sight): Promise<Sight> {
    const { sources } = this.#options;
    const before = this.#known ?? [];
    let sight = first ?? await look(sources);
    for (let alike = 0; !this.#closed && alike < looksWanted(sight, before);) {
      await this.#sleep(STILL_MS);
      const next = await look(sources);
      alike = sameSight(sight, next) ? alike + 1 : 0;
      sight = next;
    }
    return this.#known = sight;
  }

  /** From now on, tells `changed` of everything new. */
  follow(changed: (sight: Sight) => void): void {
    this.#changed = changed;
    this.#schedule();
  }

  /** Looks at once, and tells even what is not new. */
  refresh(): Promise<void> {
    return this.#refresh ??= this.#forcedLook().finally(() =>
      this.#refresh = undefined
    );
  }

  /** Stops watching; nothing is told any more. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#next.clear();
    this.#pause.clear();
    this.#wake();
    this.#watcher?.[Symbol.dispose]();
  }

  async #forcedLook(): Promise<void> {
    while (this.#round !== undefined) await this.#round;
    this.#known = undefined;
    this.#settledMark = undefined;
    await this.#look();
  }

  /** One look at a time; what happens meanwhile asks for another. */
  #look(): Promise<void> {
    return this.#round ??= this.#lookOnce().finally(() => {
      this.#round = undefined;
      this.#schedule();
    });
  }

  async #lookOnce(): Promise<void> {
    this.#stirred = false;
    const { sources } = this.#options;
    const before = await signature(sources);
    if (before !== undefined && before.mark === this.#settledMark) return;
    await this.#rewatch();
    const known = this.#known;
    const sight = await look(sources);
    const same = known !== undefined && sameSight(sight, known);
    if (!same && sight.some((seen) => "bytes" in seen)) {
      this.#options.noticed?.();
    }
    const still = same ? known : await this.still(sight);
    // A link may have been turned to another folder since.
    if (await this.#rewatch()) this.#stirred = true;
    if (this.#closed) return;
    const after = await signature(sources);
    this.#settledMark =
      after?.mark === before?.mark && this.#isOld(after?.changedEpochMs)
        ? after?.mark
        : undefined;
    if (!this.#closed && (known === undefined || !sameSight(still, known))) {
      this.#changed?.(still);
    }
  }

  #isOld(changedEpochMs: number | undefined): boolean {
    return changedEpochMs !== undefined &&
      this.#options.clock.epochMs() - changedEpochMs > COARSE_MS;
  }

  #schedule(): void {
    const { clock, pollMs = SAFETY_MS } = this.#options;
    if (this.#closed || this.#changed === undefined) return;
    this.#next.set(clock.now() + (this.#stirred ? DEBOUNCE_MS : pollMs));
  }

  /** Not put off by further events, or a busy folder would be never looked at. */
  #stir = (): void => {
    if (this.#stirred) return;
    this.#stirred = true;
    if (this.#round === undefined) this.#schedule();
  };

  /** Watches what must be watched now; tells whether that is something else than before. */
  async #rewatch(): Promise<boolean> {
    if (this.#options.pollMs !== undefined) return false;
    const folders = await foldersOf(this.#options.sources);
    if (this.#closed || folders.symmetricDifference(this.#folders).size === 0) {
      return false;
    }
    this.#watcher?.[Symbol.dispose]();
    this.#folders = folders;
    this.#watcher = this.#options.watch([...folders], this.#stir);
    return true;
  }

  #sleep(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#pause.set(this.#options.clock.now() + ms);
    });
  }
}

/** How many looks in a row must find the same as the one before. */
function looksWanted(sight: Sight, before: Sight): number {
  const files = new Set(sight.map(({ file }) => file));
  const unlikely = sight.some((seen) => isMissing(seen) || isBlank(seen)) ||
    before.some(({ file }) => !files.has(file));
  return unlikely ? STILL_EMPTY_TIMES : 1;
}

/** Whether a file begins with nothing but white space for so long that more is likely to come. */
function isBlank(seen: Seen): boolean {
  return "bytes" in seen &&
    seen.bytes.subarray(0, BLANK_BYTES).every((byte) => byte <= 0x20);
}
