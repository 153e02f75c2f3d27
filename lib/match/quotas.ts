/**
 * What each API key has used of its quotas. They fill up again all the time, as the providers'
 * do: what was used is given back at the rate of the quota.
 *
 * Nobody is refused for it. Rate-limit headers tell of it, and it is the only part of an answer
 * that its seed does not decide.
 *
 * @module
 */

import {
  QUOTA_KEY_CHARS_MAX,
  QUOTA_KEYS_MAX,
  QUOTA_MS,
} from "../core/limits.ts";
import type { Quota } from "../core/quota.ts";
import { mixSeed } from "../core/random.ts";

/** Counts what keys use. */
export class Quotas {
  readonly #byQuota = new Map<Quota, Keys>();

  /** Counts a request of `key`, made at `nowMs`; gives all that is used of `quota` and not there again. Valid until the next call. */
  spend(
    quota: Quota,
    key: string,
    nowMs: number,
    input: number,
    output: number,
  ): Quota {
    const account = this.#account(quota, key, nowMs);
    account.refill(quota, nowMs);
    account.requests++;
    account.input += input;
    account.output += output;
    account.tokens += input + output;
    return account;
  }

  #account(quota: Quota, key: string, nowMs: number): Account {
    const keys = this.#keys(quota);
    const name = nameOf(key);
    const known = keys.get(name);
    if (known !== undefined) return known;
    if (keys.size >= QUOTA_KEYS_MAX) {
      for (const oldest of keys.keys()) {
        keys.delete(oldest);
        break;
      }
    }
    const account = new Account(nowMs);
    keys.set(name, account);
    return account;
  }

  #keys(quota: Quota): Keys {
    const known = this.#byQuota.get(quota);
    if (known !== undefined) return known;
    const keys: Keys = new Map();
    this.#byQuota.set(quota, keys);
    return keys;
  }
}

type Keys = Map<string | number, Account>;

/** What is remembered of a key: a long one's number. Keys of one number would share what is told, no more. */
export function nameOf(key: string): string | number {
  return key.length > QUOTA_KEY_CHARS_MAX ? mixSeed(0, key, 0) : key;
}

/** What one key has used. */
class Account implements Quota {
  requests = 0;
  input = 0;
  output = 0;
  tokens = 0;
  #atMs: number;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  /** Gives back what `quota` gives in the time since the last request. */
  refill(quota: Quota, nowMs: number): void {
    const part = (nowMs - this.#atMs) / QUOTA_MS;
    this.#atMs = nowMs;
    if (part <= 0) return;
    this.requests = Math.max(0, this.requests - part * quota.requests);
    this.input = Math.max(0, this.input - part * quota.input);
    this.output = Math.max(0, this.output - part * quota.output);
    this.tokens = Math.max(0, this.tokens - part * quota.tokens);
  }
}
