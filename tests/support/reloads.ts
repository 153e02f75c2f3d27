/**
 * A configuration file that is written in every way there is, good and broken, each good
 * generation known by its answer.
 *
 * @module
 */

import { ask, eventually, postJson } from "./process.ts";

/** The answer of a generation: long, so that a mixed or a cut one is seen. */
function answerOf(generation: number): string {
  return `generation ${generation}; `.repeat(40).trim();
}

/** A file of about `chars` characters that answers "question" with a generation. */
export function fileOf(generation: number, chars = 0): string {
  const lines = [`responses:\n  "question": "${answerOf(generation)}"\n`];
  for (let length = 0, i = 0; length < chars; i++) {
    const line = `  "filler ${i}?": "${"and so on ".repeat(8)}${generation}"\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join("");
}

/** The generation an answer belongs to, wholly; undefined when it is none, or a mixture. */
export function generationOf(answer: string): number | undefined {
  const generation = Number(/^generation (\d+)/.exec(answer)?.[1] ?? NaN);
  return answer === answerOf(generation) ? generation : undefined;
}

/** Writes `file` in one of the ways there are, `step` saying which; leaves good or broken things. */
export async function write(file: string, step: number): Promise<void> {
  const way = WAYS[step % WAYS.length] ?? atOnce;
  await way(file, fileOf(step), step);
}

/** Writes a generation as editors do. */
export async function atOnce(file: string, text: string): Promise<void> {
  await Deno.writeTextFile(`${file}.new`, text);
  await Deno.rename(`${file}.new`, file);
}

type Way = (file: string, text: string, step: number) => Promise<void>;

const WAYS: readonly Way[] = [
  atOnce,
  async function inPlace(file, text) {
    await gone(file); // else it may be a link into a folder that should not change
    await Deno.writeTextFile(file, text);
  },
  async function torn(file, text) {
    await gone(file);
    await Deno.writeTextFile(file, text.slice(0, 300)); // within the quotes
  },
  async function halves(file, text) {
    await gone(file);
    await Deno.writeTextFile(file, text.slice(0, 300));
    await Deno.writeTextFile(file, text.slice(300), { append: true });
  },
  async function empty(file) {
    await atOnce(file, "");
  },
  async function broken(file, text) {
    await atOnce(file, `${text}settings:\n  lag_facter: 1\n`);
  },
  gone,
  async function away(file, text) {
    await atOnce(file, text);
    await Deno.rename(file, `${file}.away`);
  },
  async function older(file, text) {
    await Deno.writeTextFile(`${file}.new`, text);
    await Deno.utime(`${file}.new`, 1e9, 1e9);
    await Deno.rename(`${file}.new`, file);
  },
  configMap,
];

async function gone(file: string): Promise<void> {
  await Deno.remove(file).catch(() => {});
}

/** As Kubernetes does: a new folder, and a link turned to it. */
async function configMap(
  file: string,
  text: string,
  step: number,
): Promise<void> {
  const folder = file.slice(0, file.lastIndexOf("/"));
  await Deno.mkdir(`${folder}/..${step}`);
  await Deno.writeTextFile(`${folder}/..${step}/responses.yml`, text);
  await turn(`..${step}`, `${folder}/..data`);
  await turn("..data/responses.yml", file);
}

async function turn(target: string, link: string): Promise<void> {
  await Deno.symlink(target, `${link}.tmp`);
  await Deno.rename(`${link}.tmp`, link);
}

function askRegular(url: string): Promise<string> {
  return ask(url, "question");
}

/** The answer to "question" as a stream, put together. */
export async function askStream(url: string): Promise<string> {
  const messages = [{ role: "user", content: "question" }];
  const body = { model: "m", stream: true, messages };
  const response = await postJson(`${url}/v1/chat/completions`, body);
  const text = await response.text();
  return [...text.matchAll(/"content":("(?:[^"\\]|\\.)*")/g)]
    .map(([, json = ""]) => JSON.parse(json)).join("");
}

/** What a storm of writes did. */
export interface Storm {
  readonly writes: number;
  readonly requests: number;
  /** Requests that failed. */
  readonly failed: number;
  /** Answers that belong to no generation, or to more than one. */
  readonly mixed: number;
  /** How long the last edit took to be seen. */
  readonly visibleMs: number;
}

/** Writes `file` again and again while the server at `url` is asked, regularly and for streams. */
export async function storm(
  { url, file, writes }: { url: string; file: string; writes: number },
): Promise<Storm> {
  const count = { requests: 0, failed: 0, mixed: 0 };
  let over = false;
  const work = async (asked: (url: string) => Promise<string>) => {
    while (!over) {
      count.requests++;
      const answer = await asked(url).catch(() => undefined);
      if (answer === undefined) count.failed++;
      else if (generationOf(answer) === undefined) count.mixed++;
    }
  };
  const working = [askRegular, askStream].map(work);
  for (let step = 1; step <= writes; step++) {
    await write(file, step);
    await pause(step * 7 % 90); // at times long enough for it to be read
  }
  await atOnce(file, fileOf(writes + 1));
  const visibleMs = await seen(url, writes + 1);
  over = true;
  await Promise.all(working);
  return { writes, ...count, visibleMs };
}

/** How long it takes until a generation answers. */
export async function seen(url: string, generation: number): Promise<number> {
  const beganMs = performance.now();
  await eventually(
    async () =>
      generationOf(await ask(url, "question")) === generation || undefined,
    `generation ${generation}`,
  );
  return performance.now() - beganMs;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
