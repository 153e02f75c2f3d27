/**
 * A process that reads files for this one: begun before it is known what it is to read, so that
 * its start does not add to the wait.
 *
 * @module
 */

/** Has a process of its own read `input`; gives what it writes as long as it lives. */
export type Aside = (
  input: Promise<readonly Uint8Array[]>,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array>;

/** One such process. It says that it is there, and nothing more before it has its input. */
export class Reading {
  readonly #input = Promise.withResolvers<readonly Uint8Array[]>();
  readonly #stop = new AbortController();
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #first: Promise<IteratorResult<Uint8Array>>;
  readonly #second: Promise<IteratorResult<Uint8Array>>;
  #over = false;

  /** Begins one. */
  constructor(aside: Aside) {
    const pieces = aside(this.#input.promise, this.#stop.signal);
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#first = this.#pieces.next();
    this.#second = this.#first.then((first) =>
      first.done === true ? first : this.#pieces.next()
    );
    void this.#second.then(({ done }) => this.#over = done === true);
  }

  /** Whether it has ended, or never was. */
  get over(): boolean {
    return this.#over;
  }

  /** Hands it what to read, and gives what it writes until `signal` ends it. */
  async *read(
    input: readonly Uint8Array[],
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const stop = () => this.stop();
    signal.addEventListener("abort", stop);
    try {
      if (signal.aborted) return;
      this.#input.resolve(input);
      let next = await this.#first;
      if (next.done !== true) yield next.value;
      next = await this.#second;
      for (; next.done !== true; next = await this.#pieces.next()) {
        yield next.value;
      }
    } finally {
      signal.removeEventListener("abort", stop);
      this.stop();
      await this.#pieces.return?.();
    }
  }

  /** Ends it. */
  stop(): void {
    this.#stop.abort();
    this.#input.resolve([]); // nobody waits for it any more
  }
}
