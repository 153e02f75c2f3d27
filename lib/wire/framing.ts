/**
 * How one unit of a stream becomes text on the wire. Has heard of no LLM.
 *
 * @module
 */

/** Content type of a server-sent event stream. */
export const SSE_TYPE = "text/event-stream; charset=utf-8";

/** What an event without a name begins and ends with, for those who make the middle themselves. */
export const SSE_OPEN = "data: ";
/** See {@linkcode SSE_OPEN}. */
export const SSE_CLOSE = "\n\n";

/** One server-sent event. `json` must be on one line, as `JSON.stringify` makes it. */
export function sse(json: string, event?: string): string {
  return event === undefined
    ? `data: ${json}\n\n`
    : `event: ${event}\ndata: ${json}\n\n`;
}
