/**
 * What each API key has used of its quotas: requests and tokens of the present minute.
 *
 * Nobody is refused for it. Rate-limit headers tell of it, and it is the only part of an answer
 * that its seed does not decide.
 *
 * @module
 */

import { QUOTA_KEYS_MAX, QUOTA_MS } from "../core/limits.ts";

/** What one key has used since its minute began. */
export interface Quota {
  /** Requests. */
  readonly requests: number;
  /** Tokens of prompts. */
  readonly input: number;
  /** Tokens of answers. */
  readonly output: number;
  /** When all of it is there again, in milliseconds. */
  readonly resetMs: number;
}

/** Counts what keys use. */
export class Quotas {
  readonly #byDialect = new Map<string, Map<string, Counter>>();

  /** Counts a request of `key`, made at `nowMs`; gives all that it used since its minute began. Valid until the next call. */
  spend(
    dialect: string,
    key: string,
    nowMs: number,
    input: number,
    output: number,
  ): Quota {
    const counter = this.#counter(dialect, key, nowMs);
    if (nowMs - counter.beganMs >= QUOTA_MS) counter.begin(nowMs);
    counter.requests++;
    counter.input += input;
    counter.output += output;
    counter.resetMs = counter.beganMs + QUOTA_MS - nowMs;
    return counter;
  }

  #counter(dialect: string, key: string, nowMs: number): Counter {
    const keys = this.#keys(dialect);
    const known = keys.get(key);
    if (known !== undefined) return known;
    if (keys.size >= QUOTA_KEYS_MAX) {
      for (const oldest of keys.keys()) {
        keys.delete(oldest);
        break;
      }
    }
    const counter = new Counter(nowMs);
    keys.set(key, counter);
    return counter;
  }

  #keys(dialect: string): Map<string, Counter> {
    const known = this.#byDialect.get(dialect);
    if (known !== undefined) return known;
    const keys = new Map<string, Counter>();
    this.#byDialect.set(dialect, keys);
    return keys;
  }
}

class Counter implements Quota {
  beganMs: number;
  requests = 0;
  input = 0;
  output = 0;
  resetMs = QUOTA_MS;

  constructor(beganMs: number) {
    this.beganMs = beganMs;
  }

  begin(nowMs: number): void {
    this.beganMs = nowMs;
    this.requests = this.input = this.output = 0;
  }
}
