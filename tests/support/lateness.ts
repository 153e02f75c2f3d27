/**
 * A stream on time, and how late each of its pieces came: read in a thread of its own, so that
 * what a test does meanwhile is not taken for the server's lateness.
 *
 * @module
 */

/** A stream that has begun. */
export interface Playing {
  /** How late each piece came, in milliseconds, beside the most punctual one. */
  readonly lateness: Promise<number[]>;
}

/** Milliseconds between two pieces. */
const STEP_MS = 10;

/** Plays a stream of `ms`; resolves when its first piece is there. */
export async function play(url: string, ms: number): Promise<Playing> {
  const worker = new Worker(import.meta.url, { type: "module", name: WORKER });
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<number[]>();
  worker.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data === "ready") worker.postMessage({ url, ms } satisfies Order);
    else if (data === "begun") begun.resolve();
    else {
      worker.terminate();
      ended.resolve(data);
    }
  };
  await begun.promise;
  return { lateness: ended.promise };
}

const WORKER = "lateness";

interface Order {
  readonly url: string;
  readonly ms: number;
}

type Said = "ready" | "begun" | number[];

/** The global scope, seen as that of a worker. */
const scope = globalThis as unknown as {
  readonly name?: string;
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(message: Said): void;
};

if (scope.name === WORKER) {
  scope.onmessage = async ({ data: { url, ms } }) => {
    await read(url, 3 * STEP_MS, () => {}); // what loads on first use is not meant
    const offsets = await read(url, ms, () => scope.postMessage("begun"));
    const punctual = Math.min(...offsets);
    scope.postMessage(offsets.map((offset) => offset - punctual));
  };
  scope.postMessage("ready");
}

/** When each piece came, less when it was due after the beginning. */
async function read(
  url: string,
  ms: number,
  begun: () => void,
): Promise<number[]> {
  const headers = {
    "x-token-count": String(Math.ceil(ms / STEP_MS)),
    "x-tokens-per-second": String(1_000 / STEP_MS),
  };
  const messages = [{ role: "user", content: "x" }];
  const body = JSON.stringify({ model: "m", stream: true, messages });
  const address = `${url}/v1/chat/completions`;
  const response = await fetch(address, { method: "POST", headers, body });
  const offsets: number[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    // The first chunk names the role and says nothing.
    const text = decoder.decode(bytes, { stream: true });
    for (const _piece of text.matchAll(/"content":"[^"]/g)) {
      offsets.push(performance.now() - STEP_MS * offsets.length);
      if (offsets.length === 1) begun();
    }
  }
  return offsets;
}
