/**
 * Reads configurations in a thread of its own, where one that never ends can be ended.
 *
 * @module
 */

import type { Complaint, ConfigCase } from "./case.ts";
import { complaintAboutConfig, VERDICT_MS_MAX } from "./config.ts";

/** Tries configurations, one at a time; dispose of it. */
export class ConfigThread implements Disposable {
  #worker: Worker | undefined;

  /** What is wrong with the verdict on `one`. */
  async attempt(one: ConfigCase): Promise<Complaint | undefined> {
    const worker = this.#worker ??= await started();
    const { promise, resolve } = Promise.withResolvers<Complaint | undefined>();
    worker.onmessage = ({ data }) => resolve(data ?? undefined);
    worker.postMessage(one);
    const timer = setTimeout(() => {
      this[Symbol.dispose]();
      resolve({ kind: "hang", message: "No verdict ever" });
    }, 5 * VERDICT_MS_MAX);
    const complaint = await promise;
    clearTimeout(timer);
    return complaint;
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** A worker that is ready: its start does not count as time to a verdict. */
async function started(): Promise<Worker> {
  const worker = new Worker(import.meta.url, { type: "module", name: WORKER });
  await new Promise((resolve) => worker.onmessage = resolve);
  return worker;
}

const WORKER = "config fuzzer";

/** The global scope, seen as that of a worker. */
const scope = globalThis as unknown as {
  readonly name?: string;
  onmessage: (event: MessageEvent<ConfigCase>) => void;
  postMessage(message: unknown): void;
};

if (scope.name === WORKER) {
  scope.onmessage = async ({ data }) =>
    scope.postMessage(await complaintAboutConfig(data));
  scope.postMessage("ready");
}
