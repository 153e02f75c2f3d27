/**
 * Rows about bodies: huge, in crumbs, deep.
 *
 * @module
 */

import { launchServer } from "../support/process.ts";
import { post, Socket } from "../support/socket.ts";
import { growthMb, pause, rssMb } from "./gauge.ts";
import { each, onServer, type Row } from "./row.ts";

const PATH = "/v1/chat/completions";
const HUGE = 192 * 1024 * 1024;
const HEAD =
  `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;

/** Sends `HUGE` bytes after `head` in pieces made by `frame`, as long as the server takes them; resolves to its status. */
async function sendHuge(
  url: string,
  head: string,
  frame: (piece: Uint8Array) => Uint8Array[],
  end: string,
): Promise<number> {
  using socket = await Socket.open(url);
  const status = socket.reply().then((reply) => reply.status, () => 0);
  const piece = new Uint8Array(1024 * 1024).fill(0x61);
  try {
    await socket.send(head);
    for (let sent = 0; sent < HUGE; sent += piece.length) {
      for (const part of frame(piece)) await socket.send(part);
    }
    await socket.send(end);
  } catch {
    // Refused and closed before the end, as it may be.
  }
  return await status;
}

/** 192 MB with a length, or in chunks; resolves to the status. */
export function huge(url: string, how: "length" | "chunks"): Promise<number> {
  if (how === "length") {
    return sendHuge(
      url,
      `${HEAD}Content-Length: ${HUGE}\r\n\r\n`,
      (piece) => [piece],
      "",
    );
  }
  const [size, line] = [
    new TextEncoder().encode("100000\r\n"),
    new TextEncoder().encode("\r\n"),
  ];
  return sendHuge(
    url,
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
    (piece) => [size, piece, line],
    "0\r\n\r\n",
  );
}

async function claim(url: string): Promise<void> {
  const socket = await Socket.open(url);
  await socket.send(`${HEAD}Content-Length: ${10 * 1024 ** 3}\r\n\r\n{`);
  await pause(500);
  socket.close();
}

const hugeRow: Row = {
  id: "c7",
  fault: "bodies of 192 MB, and 20 claims of 10 GB",
  measure: (program) =>
    onServer(program, async ({ pid, url }) => {
      let [declared, chunked] = [0, 0];
      const claims = await growthMb(pid, async () =>
        void await each(20, 20, () => claim(url)));
      const first = await growthMb(pid, async () =>
        void (declared = await huge(url, "length")));
      const second = await growthMb(pid, async () =>
        void (chunked = await huge(url, "chunks")));
      return [
        { what: "memory for 20 claims", value: claims, unit: "MB", most: 2 },
        {
          what: "status, by length",
          value: declared,
          unit: "",
          least: 413,
          most: 413,
        },
        { what: "memory, by length", value: first, unit: "MB", most: 64 },
        {
          what: "status, in chunks",
          value: chunked,
          unit: "",
          least: 413,
          most: 413,
        },
        { what: "memory, in chunks", value: second, unit: "MB", most: 64 },
      ];
    }),
};

const BODY = JSON.stringify({
  model: "m",
  messages: [{ role: "user", content: "x".repeat(3_940) }],
});

/** A body of 4,000 bytes in chunks of one; resolves to the status. */
export async function crumbs(url: string): Promise<number> {
  using socket = await Socket.open(url);
  await socket.send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
  for (const letter of BODY) await socket.send(`1\r\n${letter}\r\n`);
  await socket.send("0\r\n\r\n");
  return (await socket.reply()).status;
}

const crumbsRow: Row = {
  id: "c8",
  fault: "a body in 4,000 chunks of one byte; then 20 such at once",
  measure: (program) =>
    onServer(program, async ({ pid, url }) => {
      let status = 0;
      const one = await growthMb(pid, async () =>
        void (status = await crumbs(url)));
      const twenty = await growthMb(pid, async () =>
        void await each(20, 20, () =>
          crumbs(url)));
      const most = program.name === "executable" ? 8 : 64;
      return [
        { what: "status", value: status, unit: "", least: 200, most: 200 },
        { what: "memory for one", value: one, unit: "MB", most },
        { what: "memory for 20 at once", value: twenty, unit: "MB" },
      ];
    }),
};

const LEVELS = 100_000;

/** JSON nested 100,000 levels, in five shapes. */
export const DEEP: Readonly<Record<string, string>> = {
  lists: "[".repeat(LEVELS) + "]".repeat(LEVELS),
  objects: '{"a":'.repeat(LEVELS) + "1" + "}".repeat(LEVELS),
  "lists that never close": "[".repeat(LEVELS),
  "both in turn": '[{"a":'.repeat(LEVELS / 2) + "1" + "}]".repeat(LEVELS / 2),
  content: `{"model":"m","messages":[{"role":"user","content":${
    "[".repeat(LEVELS)
  }${"]".repeat(LEVELS)}}]}`,
};

/** Posts `body`; resolves to status and time. */
async function timed(
  url: string,
  body: string,
): Promise<{ status: number; tookMs: number }> {
  using socket = await Socket.open(url);
  const beganMs = performance.now();
  await socket.send(post(PATH, body));
  const { status } = await socket.reply();
  return { status, tookMs: performance.now() - beganMs };
}

const deepRow: Row = {
  id: "c9",
  fault: "JSON of 100,000 levels in five shapes",
  measure: async (program) => {
    await using server = await launchServer(program, ["--quiet"]);
    const replies = await each(
      5,
      1,
      (index) => timed(server.url, Object.values(DEEP)[index] ?? ""),
    );
    return [
      {
        what: "refused with 400",
        value: replies.filter(({ status }) => status === 400).length,
        unit: "of 5",
        least: 5,
      },
      {
        what: "slowest",
        value: Math.max(...replies.map(({ tookMs }) => tookMs)),
        unit: "ms",
        most: 200,
      },
    ];
  },
};

const longRow: Row = {
  id: "c7b",
  fault: "a prompt of 1 MB, and 2,001 messages",
  measure: (program) =>
    onServer(program, async ({ pid, url }) => {
      const before = rssMb(pid);
      const user = (content: string) => ({ role: "user", content });
      const prompt = await timed(
        url,
        JSON.stringify({
          model: "m",
          messages: [user("x".repeat(1024 * 1024))],
        }),
      );
      const messages = await timed(
        url,
        JSON.stringify({ model: "m", messages: Array(2_001).fill(user("x")) }),
      );
      return [
        {
          what: "status for 1 MB",
          value: prompt.status,
          unit: "",
          least: 200,
          most: 200,
        },
        { what: "1 MB took", value: prompt.tookMs, unit: "ms", most: 200 },
        {
          what: "status for 2,001 messages",
          value: messages.status,
          unit: "",
          least: 200,
          most: 200,
        },
        { what: "memory", value: rssMb(pid) - before, unit: "MB", most: 64 },
      ];
    }),
};

/** The rows. */
export const BODIES: readonly Row[] = [hugeRow, longRow, crumbsRow, deepRow];
