/**
 * Watching folders that may vanish and come back: what the runtimes' own watchers do not do.
 *
 * A folder is looked at a few times a second; one that is another than before (by inode and birth) is
 * watched anew. That costs one `stat` each time and sees what no event tells: a removed
 * folder, a renamed one, a symbolic link that points elsewhere.
 *
 * @module
 */

import { statSync } from "node:fs";
import type { Clock } from "../core/clock.ts";

const LOOK_EVERY_MS = 250;

/** How {@linkcode watchFolders} watches. */
export interface WatchOptions {
  /** Time. */
  readonly clock: Clock;
  /** Watches one folder that exists; may throw. */
  open(folder: string, changed: () => void): Disposable;
}

/** Calls `changed` after anything in one of `folders` changed. */
export function watchFolders(
  folders: readonly string[],
  changed: () => void,
  options: WatchOptions,
): Disposable {
  const watches = folders.map((folder) =>
    new FolderWatch(folder, changed, options)
  );
  const timer = options.clock.timer(() => look());
  const look = () => {
    for (const watch of watches) watch.look();
    timer.set(options.clock.now() + LOOK_EVERY_MS);
  };
  timer.set(options.clock.now() + LOOK_EVERY_MS);
  return {
    [Symbol.dispose]() {
      timer.clear();
      for (const watch of watches) watch[Symbol.dispose]();
    },
  };
}

/** One folder under watch, whether it exists or not. */
class FolderWatch implements Disposable {
  readonly #folder: string;
  readonly #changed: () => void;
  readonly #open: WatchOptions["open"];
  #identity: string | undefined;
  #watcher: Disposable | undefined;

  constructor(folder: string, changed: () => void, options: WatchOptions) {
    this.#folder = folder;
    this.#changed = changed;
    this.#open = options.open;
    this.#begin(identify(folder));
  }

  /**
   * Watches anew, and says so, if the folder is another than before. Lets go of the old one
   * first and takes up the new one at the next look: Deno hears nothing if that is one step.
   */
  look(): void {
    const identity = identify(this.#folder);
    if (identity === this.#identity) return;
    if (this.#watcher === undefined) this.#begin(identity);
    else this[Symbol.dispose]();
    this.#changed();
  }

  [Symbol.dispose](): void {
    try {
      this.#watcher?.[Symbol.dispose]();
    } catch {
      // Deno closes a watcher by itself when its folder is gone.
    }
    this.#watcher = undefined;
    this.#identity = undefined;
  }

  #begin(identity: string | undefined): void {
    if (identity === undefined) return;
    try {
      this.#watcher = this.#open(this.#folder, this.#changed);
      this.#identity = identity;
    } catch {
      // Gone in between, or no watch left: the next look tries again.
    }
  }
}

/** What tells one folder from another of the same name; inode numbers are soon used again. */
function identify(folder: string): string | undefined {
  try {
    const { dev, ino, birthtimeMs } = statSync(folder);
    return `${dev}:${ino}:${birthtimeMs}`;
  } catch {
    return undefined; // not there, or not to be seen for now
  }
}
