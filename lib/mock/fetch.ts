/**
 * `fetch` without a network: a handler's answers, given and taken back as real ones are.
 *
 * @module
 */

import { type Handler, IN_PROCESS } from "../core/handler.ts";

/** `fetch`, as SDKs take it. */
export type Fetch = (
  input: string | URL | Request,
  init?: RequestInit,
) => Promise<Response>;

/** Answers by `handler`; what is no whole URL is below `base`. The host does not matter. */
export function fetchOf(handler: Handler, base: string): Fetch {
  return async (input, init = {}) => {
    const signal = signalOf(input, init);
    signal?.throwIfAborted();
    // The signal is the client's own: a server is only ever left.
    const request = new Request(urlOf(input, base), { ...init, signal: null });
    const answering = (async () => await handler(request, IN_PROCESS))();
    const response = await unlessAborted(answering, signal);
    return told(response, request.url, signal);
  };
}

function signalOf(
  input: string | URL | Request,
  init: RequestInit,
): AbortSignal | undefined {
  if (init.signal !== undefined) return init.signal ?? undefined;
  return input instanceof Request ? input.signal : undefined;
}

function urlOf(
  input: string | URL | Request,
  base: string,
): string | URL | Request {
  return typeof input === "string" ? new URL(input, base) : input;
}

/** What `answering` comes to, or the reason for which it was given up; then the answer is left, should it still come. */
function unlessAborted(
  answering: Promise<Response>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  if (signal === undefined) return answering;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      answering.then(({ body }) => body?.cancel()).catch(() => {});
    };
    signal.addEventListener("abort", abort, { once: true });
    answering.then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

/** The response as a client has it: it knows its URL, and ends when the client wants no more. */
function told(
  response: Response,
  url: string,
  signal: AbortSignal | undefined,
): Response {
  const { body, status, statusText, headers } = response;
  const mine = signal === undefined || body === null
    ? response
    : new Response(leavable(body, signal), { status, statusText, headers });
  return Object.defineProperty(mine, "url", { value: url });
}

/** `body`, until `signal` aborts: then its reader is told why, and whoever writes it that the reader left. */
function leavable(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let abort = () => {};
  const over = () => signal.removeEventListener("abort", abort);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      abort = () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      };
      signal.addEventListener("abort", abort, { once: true });
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch(failed(over));
      if (signal.aborted) return;
      if (!done) return controller.enqueue(value);
      over();
      controller.close();
    },
    cancel(reason) {
      over();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

function failed(over: () => void): (error: unknown) => never {
  return (error) => {
    over();
    throw error;
  };
}
