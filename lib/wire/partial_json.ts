/**
 * JSON that was cut off: as much of it as is whole.
 *
 * @module
 */

/**
 * The value that `text` begins to tell, without what is not complete: members whose values have
 * not ended, and what stands in lists likewise. Undefined where not even the beginning is right.
 */
export function parsePartialJson(text: string): unknown {
  try {
    return JSON.parse(completed(text));
  } catch {
    return undefined;
  }
}

/** A string, a bracket, or anything else up to the next of those, a comma, a colon or a blank. */
const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+)/gsy;

/** `text` up to the last place at which all that is open can be closed, and closed there. */
function completed(text: string): string {
  const open: string[] = [];
  let end = 0;
  let isValue = true;
  for (const { 0: { length }, 1: token = "", index } of text.matchAll(TOKEN)) {
    const after = index + length;
    const closer = CLOSERS.get(token);
    if (closer !== undefined) {
      open.push(closer);
      isValue = closer === "]";
    } else if (token === open.at(-1)) {
      open.pop();
    } else if (token === ":" || token === ",") {
      isValue = token === ":" || open.at(-1) === "]";
      continue;
    } else if (!isValue || (after === text.length && !WHOLE.test(token))) {
      continue; // the name of a member, or a number that may go on
    }
    end = after;
  }
  // What came after the end has opened and closed nothing.
  return text.slice(0, end) + open.toReversed().join("");
}

const CLOSERS: ReadonlyMap<string, string> = new Map([["{", "}"], ["[", "]"]]);

/** What ends by itself. */
const WHOLE = /^"|^(true|false|null)$/;
