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

/** A comment: nobody's event, only a sign that the stream is alive. `text` must be on one line. */
export function sseComment(text: string): string {
  return `: ${text}\n\n`;
}

/** How many frames a `text` of content `type` is: server-sent events, or one body. Frames must be whole. */
export function countFrames(type: string, text: string): number {
  if (!type.startsWith("text/event-stream")) return text === "" ? 0 : 1;
  let count = 0;
  for (let at = text.indexOf(SSE_CLOSE); at >= 0; count++) {
    at = text.indexOf(SSE_CLOSE, at + SSE_CLOSE.length);
  }
  return count;
}
