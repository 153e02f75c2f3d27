/**
 * Rows about those who read slowly, never, or not to the end.
 *
 * @module
 */

import {
  type Child,
  eventually,
  post as fetchPost,
  type Program,
  temporaryFolder,
} from "../support/process.ts";
import { CAN_BE_NARROW, readNarrowly } from "../support/narrow.ts";
import { askAndLeave, post, postTokens, Socket } from "../support/socket.ts";
import { cpuPercent, descriptors, pause, rssMb, Watch } from "./gauge.ts";
import { each, type Figure, onServer, type Row } from "./row.ts";

/** How many times `part` is in `text`. */
export function times(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** `count` requests whose answers nobody reads for `ms`. */
async function unread(
  server: Child,
  count: number,
  request: string,
  ms: number,
): Promise<Figure[]> {
  const watch = new Watch(server);
  const sockets = await each(count, 20, async () => {
    const socket = await Socket.open(server.url);
    await socket.send(request);
    return socket;
  });
  await pause(ms);
  await watch.stop();
  for (const socket of sockets) socket.close();
  return [
    {
      what: `memory for ${count} unread streams`,
      value: watch.grownMb,
      unit: "MB",
      most: 64,
    },
    {
      what: "slowest /health meanwhile",
      value: watch.latencyMs(1),
      unit: "ms",
      most: 1_000,
    },
  ];
}

/** An answer of which each character is a chunk: at least 4 MB on the wire. */
const LONG_YAML = `responses:\n  long: "${"abcdefghij".repeat(1_400)}"\n`;

const never: Row = {
  id: "c1",
  fault: "100 streams of 3.1 MB, and 30 answers of 4.4 MB, never read",
  measure: async (program) => [
    ...await onServer(
      program,
      (server) => unread(server, 100, postTokens(10_000, 1_000, 4), 11_000),
    ),
    ...await unreadText(program),
  ],
};

async function unreadText(program: Program): Promise<Figure[]> {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/responses.yml`, LONG_YAML);
  const messages = [{ role: "user", content: "long" }];
  const body = JSON.stringify({ model: "m", stream: true, messages });
  return await onServer(
    program,
    (server) => unread(server, 30, post("/v1/chat/completions", body), 5_000),
    [],
    { cwd: folder.path },
  );
}

const longest: Row = {
  id: "c1b",
  fault: "100 streams of the longest tokens there are, never read",
  measure: (program) =>
    onServer(
      program,
      (server) => unread(server, 100, postTokens(10_000, 1_000, 32), 11_000),
    ),
};

/** Reads tokens of 32 characters through a window of 4 KiB, pausing after each piece. */
export async function narrow(
  url: string,
  afterMs: number,
  tokens = 3_000,
): Promise<{ characters: number; finishes: number; ends: number }> {
  const request = postTokens(tokens, 1_000, 32).replace(
    "\r\n\r\n",
    "\r\nConnection: close\r\n\r\n",
  );
  const text = await readNarrowly(
    url,
    request,
    4_096,
    () => afterMs > 0 ? pause(afterMs) : undefined,
  );
  const body = dechunked(text.slice(text.indexOf("\r\n\r\n") + 4));
  const contents = [...body.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map((
    [, content],
  ) => JSON.parse(`"${content}"`));
  return {
    characters: contents.join("").length,
    finishes: times(body, '"finish_reason":"'),
    ends: times(body, "data: [DONE]\n\n"),
  };
}

/** Undoes chunked transfer coding of ASCII. */
function dechunked(text: string): string {
  let body = "";
  for (let at = 0;;) {
    const line = text.indexOf("\r\n", at);
    const size = parseInt(text.slice(at, line), 16);
    if (!(size > 0)) return body;
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

const slow: Row = {
  id: "c2",
  fault: "3,000 tokens of 32 characters through a window of 4 KB",
  measure: (program) =>
    onServer(program, async ({ url }) => {
      if (!CAN_BE_NARROW) return [];
      const { characters, finishes, ends } = await narrow(url, 5);
      return [
        {
          what: "characters lost",
          value: 96_000 - characters,
          unit: "",
          most: 0,
          least: 0,
        },
        { what: "finishes", value: finishes, unit: "", most: 1, least: 1 },
        { what: "[DONE]", value: ends, unit: "", most: 1, least: 1 },
      ];
    }),
};

/** Reads `count` streams of `tokens` at `rate` at once: tokens that came, ends, and the slowest stream. */
export async function streams(
  url: string,
  count: number,
  tokens: number,
  rate: number,
): Promise<{ tokens: number; ends: number; slowestMs: number }> {
  const headers = {
    "X-Token-Count": String(tokens),
    "X-Tokens-Per-Second": String(rate),
  };
  const all = await each(count, count, async () => {
    const beganMs = performance.now();
    const text = await (await fetchPost(`${url}/v1/chat/completions`, headers))
      .text();
    return { text, tookMs: performance.now() - beganMs };
  });
  return {
    tokens: all.reduce(
      (sum, { text }) => sum + (text.match(/"content":"[^"]/g)?.length ?? 0),
      0,
    ),
    ends: all.filter(({ text }) => text.endsWith("data: [DONE]\n\n")).length,
    slowestMs: Math.max(...all.map(({ tookMs }) => tookMs)),
  };
}

const many: Row = {
  id: "c3",
  fault: "100 streams of 100 tokens at 200 a second",
  measure: (program) =>
    onServer(program, async ({ url }) => {
      await streams(url, 100, 10, 1_000); // connections, once
      const { tokens, ends, slowestMs } = await streams(url, 100, 100, 200);
      return [
        {
          what: "tokens",
          value: tokens,
          unit: "",
          least: 10_000,
          most: 10_000,
        },
        { what: "streams that ended well", value: ends, unit: "", least: 100 },
        { what: "slowest stream", value: slowestMs, unit: "ms", most: 700 },
      ];
    }),
};

/** Aborts `count` streams, half by FIN, half by RST. */
export async function aborts(url: string, count: number): Promise<void> {
  const request = postTokens(1_000, 100, 4);
  await each(
    count,
    50,
    (index) => askAndLeave(url, request, index % 2 === 0 ? "FIN" : "RST"),
  );
}

const vanishing: Row = {
  id: "c4",
  fault: "2 × 1,000 streams aborted, half by FIN, half by RST; then 50,000",
  measure: (program) =>
    onServer(program, async (server) => {
      const { pid, url } = server;
      const fds = descriptors(pid);
      await aborts(url, 1_000);
      await pause(1_000);
      const first = rssMb(pid);
      await aborts(url, 1_000);
      await pause(3_000);
      const second = rssMb(pid);
      const cpu = await cpuPercent(pid, 2_000);
      const left = await fdsLeft(pid, fds);
      await aborts(url, 50_000);
      await pause(3_000);
      return [
        { what: "descriptors left", value: left, unit: "", most: 0 },
        {
          what: "memory of the second round",
          value: second - first,
          unit: "MB",
          most: 16,
        },
        { what: "processor 3 s later", value: cpu, unit: "%", most: 5 },
        {
          what: "memory of 50,000 more",
          value: rssMb(pid) - second,
          unit: "MB",
          most: 50,
        },
        {
          what: "descriptors left",
          value: await fdsLeft(pid, fds),
          unit: "",
          most: 0,
        },
      ];
    }),
};

/** How many descriptors more than `before` are open, once it no longer falls. */
export async function fdsLeft(pid: number, before: number): Promise<number> {
  const none = () => descriptors(pid) <= before ? 0 : undefined;
  return await eventually(none, "descriptors to close", 5_000).catch(() =>
    descriptors(pid) - before
  );
}

/** The rows. */
export const READERS: readonly Row[] = [never, longest, slow, many, vanishing];
