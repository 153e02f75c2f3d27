/**
 * Reads a file's text in a process of its own, so that nothing written in it can keep requests
 * waiting: not its size, not a bomb, not a line the YAML library takes minutes for.
 *
 * Here are both ends: {@linkcode readAside} in the process that serves, {@linkcode serveAside}
 * in the one that reads.
 *
 * @module
 */

import { type Clock, until } from "../core/clock.ts";
import { ADOPT_MS_MAX, CONFIG_READ_MS_MAX } from "../core/limits.ts";
import { readConfig, type Verdict } from "./compile.ts";
import { problemOf } from "./file.ts";
import type { Finding } from "./findings.ts";
import { pack, Unpacking } from "./parcel.ts";

/** Has a process of its own do {@linkcode serveAside}; gives the lines as long as it lives. */
export type Aside = (
  file: string,
  text: string,
  signal: AbortSignal,
) => AsyncIterable<string>;

/** Reads the text of a file; gives up, with whatever result, when told by `signal`. */
export type ReadText = (
  text: string,
  file: string,
  signal: AbortSignal,
) => Promise<Verdict>;

/** The first line: from there on, silence is the text's fault. */
const READY = "ready";

/** A {@linkcode ReadText} that reads by `aside`. */
export function readerAside(aside: Aside, clock: Clock): ReadText {
  return async (text, file, signal) => {
    const limit = new AbortController();
    const timer = clock.timer(() => limit.abort());
    timer.set(clock.now() + CONFIG_READ_MS_MAX);
    try {
      const either = AbortSignal.any([signal, limit.signal]);
      const lines = aside(file, text, either);
      const said = await readAside(lines, clock);
      if (said !== "nothing" && said !== "not all") return said;
      if (limit.signal.aborted) return refusal(file, TOO_SLOW);
      if (said === "not all" || signal.aborted) return refusal(file, BROKE_OFF);
    } finally {
      timer.clear();
    }
    return await readConfig(text, file); // no process is to be had: late is better than never
  };
}

/** Takes the lines in, a few milliseconds at a time. */
async function readAside(
  lines: AsyncIterable<string>,
  clock: Clock,
): Promise<Verdict | "nothing" | "not all"> {
  const unpacking = new Unpacking();
  let ready = false;
  let sinceMs = clock.now();
  for await (const line of lines) {
    if (ready) unpacking.take(line);
    else if (line === READY) ready = true;
    else return "nothing";
    if (unpacking.verdict !== undefined) return unpacking.verdict;
    if (clock.now() - sinceMs < ADOPT_MS_MAX) continue;
    await until(clock, clock.now() + 1); // others first
    sinceMs = clock.now();
  }
  return ready ? "not all" : "nothing";
}

/** What the process that reads writes: at once that it is there, then what came of `text`. */
export async function* serveAside(
  text: Promise<string>,
  file: string,
): AsyncGenerator<string> {
  yield READY;
  yield* pack(await readConfig(await text, file));
}

function refusal(file: string, finding: Finding): Verdict {
  return { config: undefined, problems: [problemOf(file, finding)], more: 0 };
}

const TOO_SLOW: Finding = {
  code: "too-slow",
  message: `The file takes longer than ${
    CONFIG_READ_MS_MAX / 1000
  } s to read, and was given up`,
  remedy:
    "Look for a bracket or a quote that is never closed, or shorten the file",
};

const BROKE_OFF: Finding = {
  code: "broke-off",
  message: "The process that read the file ended before it was done",
  remedy:
    "Look whether memory was short, then save the file again. mockllm validate FILE says more",
};
