/**
 * The load client: a process of its own that reads jobs from its standard input, one JSON a
 * line, and writes a result for each. Runs on Bun, whose sockets cost least.
 *
 * Speaks HTTP by hand: a general client would measure mostly itself. It trusts the servers it
 * meets to keep connections open and to end a chunked body with an empty chunk.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

/** What is to be measured. */
export type Job = RequestsJob | StreamsJob;

/** The same request again and again, each connection waiting for its answer. */
export interface RequestsJob {
  readonly type: "requests";
  readonly port: number;
  readonly connections: number;
  /** How long. */
  readonly ms: number;
  /** JSON body of `POST /v1/chat/completions`. */
  readonly body: string;
}

/** Many paced token streams at once, one a connection. */
export interface StreamsJob {
  readonly type: "streams";
  readonly port: number;
  readonly streams: number;
  /** Tokens of each. */
  readonly tokens: number;
  /** Tokens per second of each. */
  readonly rate: number;
  /** Their starts are spread evenly over this time. */
  readonly rampMs: number;
}

/** Of a {@linkcode RequestsJob}. */
export interface RequestsResult {
  readonly requests: number;
  /** Server-sent events received, if answers were streams. */
  readonly events: number;
  readonly elapsedMs: number;
}

/** Of a {@linkcode StreamsJob}. */
export interface StreamsResult {
  /** Streams that came whole: every token its own event, then the end. */
  readonly complete: number;
  /** Content events of all. */
  readonly events: number;
  /** Mean over the streams of how much longer than asked each took, as a fraction. */
  readonly durationError: number;
  /** How late events were, against the earliest schedule that fits their stream. */
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  /** From the request to the first content event. */
  readonly firstP50Ms: number;
}

/** Events of a stream besides its tokens: the role, the finish, `[DONE]`. */
const OTHER_EVENTS = 3;

const NEWLINE = 0x0a;
const NEWLINES = Buffer.from("\n\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

function head(port: number, headers: readonly string[], body: string): string {
  return [
    "POST /v1/chat/completions HTTP/1.1",
    `host: 127.0.0.1:${port}`,
    "authorization: Bearer sk-none",
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
    "",
    body,
  ].join("\r\n");
}

// Regular requests ─────────────────────────────────────────────────────────────

async function requests(job: RequestsJob): Promise<RequestsResult> {
  const request = head(
    job.port,
    ["content-type: application/json"],
    job.body,
  );
  const counts = { requests: 0, events: 0 };
  const startMs = performance.now();
  const until = startMs + job.ms;
  const loops = Array.from(
    { length: job.connections },
    () => closedLoop(job.port, request, until, counts),
  );
  await Promise.all(loops);
  return { ...counts, elapsedMs: performance.now() - startMs };
}

function closedLoop(
  port: number,
  request: string,
  untilMs: number,
  counts: { requests: number; events: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const answer = new Answer();
    socket.setNoDelay(true);
    socket.on("error", reject);
    socket.on("connect", () => socket.write(request));
    socket.on("data", (data: Buffer) => {
      if (!answer.take(data)) return;
      if (answer.status !== 200) reject(new Error(`status ${answer.status}`));
      counts.requests++;
      counts.events += answer.events;
      answer.reset();
      if (performance.now() < untilMs) {
        socket.write(request);
      } else {
        socket.destroy();
        resolve();
      }
    });
  });
}

/** As much of HTTP as says when an answer is over. */
class Answer {
  /** Status code; 0 until it came. */
  status = 0;
  /** Server-sent events so far. */
  events = 0;
  /** Bytes of the body still to come; -1 when it is chunked. */
  #left = -1;
  #tail: Buffer = Buffer.alloc(0);
  /** Whether what came so far ends in one newline. */
  #newline = false;

  /** Takes what came; true when the answer is over. */
  take(data: Buffer): boolean {
    const body = this.status === 0 ? this.#takeHead(data) : data;
    this.#countEvents(body);
    if (this.#left >= 0) return (this.#left -= body.length) <= 0;
    this.#tail = body.length >= LAST_CHUNK.length
      ? body.subarray(-LAST_CHUNK.length)
      : Buffer.concat([this.#tail, body]).subarray(-LAST_CHUNK.length);
    return this.#tail.equals(LAST_CHUNK);
  }

  /** Makes ready for the next one. */
  reset(): void {
    this.status = 0;
    this.events = 0;
    this.#left = -1;
    this.#tail = Buffer.alloc(0);
  }

  /** Servers here send the whole head in one packet. */
  #takeHead(data: Buffer): Buffer {
    const end = data.indexOf("\r\n\r\n");
    const head = data.toString("latin1", 0, end).toLowerCase();
    this.status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/.exec(head);
    if (length) this.#left = Number(length[1]);
    return data.subarray(end + 4);
  }

  /** An event ends in two newlines, which may come in two packets. */
  #countEvents(body: Buffer): void {
    if (body.length === 0) return;
    if (this.#newline && body[0] === NEWLINE) this.events++;
    this.events += countEvents(body);
    this.#newline = body.at(-1) === NEWLINE && body.at(-2) !== NEWLINE;
  }
}

function countEvents(data: Buffer): number {
  let count = 0;
  for (let at = data.indexOf(NEWLINES); at >= 0; count++) {
    at = data.indexOf(NEWLINES, at + 2);
  }
  return count;
}

// Paced streams ────────────────────────────────────────────────────────────────

/** When things happened to one stream. */
interface Seen {
  readonly sentMs: number;
  /** Arrival of each event. */
  readonly events: number[];
}

async function streams(job: StreamsJob): Promise<StreamsResult> {
  const startMs = performance.now();
  const all = Array.from({ length: job.streams }, (_, i) => {
    const atMs = startMs + (i * job.rampMs) / job.streams;
    return sleepUntil(atMs).then(() => oneStream(job));
  });
  return judge(job, await Promise.all(all));
}

function sleepUntil(atMs: number): Promise<void> {
  const waitMs = atMs - performance.now();
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
}

function oneStream(job: StreamsJob): Promise<Seen> {
  const socket = connect(job.port, "127.0.0.1");
  return new Promise((resolve) => {
    let seen: Seen = { sentMs: 0, events: [] };
    const answer = new Answer();
    socket.setNoDelay(true);
    socket.on("error", () => resolve(seen));
    socket.on("close", () => resolve(seen));
    socket.on("connect", () => {
      seen = { sentMs: performance.now(), events: [] };
      ask(socket, job);
    });
    socket.on("data", (data: Buffer) => {
      const nowMs = performance.now();
      const over = answer.take(data);
      while (seen.events.length < answer.events) seen.events.push(nowMs);
      if (over) socket.destroy();
    });
  });
}

function ask(socket: Socket, { port, tokens, rate }: StreamsJob): void {
  const headers = [
    `x-token-count: ${tokens}`,
    `x-tokens-per-second: ${rate}`,
  ];
  socket.write(head(port, headers, ""));
}

function judge(job: StreamsJob, all: readonly Seen[]): StreamsResult {
  const whole = all.filter(({ events }) =>
    events.length === job.tokens + OTHER_EVENTS
  );
  const late = whole.flatMap((seen) => lateness(job, contentOf(seen)));
  return {
    complete: whole.length,
    events: whole.length * job.tokens,
    durationError: mean(whole.map((seen) => durationError(job, seen))),
    lateP50Ms: quantile(late, 0.5),
    lateP99Ms: quantile(late, 0.99),
    firstP50Ms: quantile(
      whole.map((seen) => (seen.events[1] ?? NaN) - seen.sentMs),
      0.5,
    ),
  };
}

function contentOf({ events }: Seen): readonly number[] {
  return events.slice(1, 1 - OTHER_EVENTS);
}

/** The end is due one gap after the last token. */
function durationError({ tokens, rate }: StreamsJob, { events }: Seen): number {
  const tookMs = (events.at(-1) ?? NaN) - (events[0] ?? NaN);
  return tookMs / (tokens * 1_000 / rate) - 1;
}

function lateness({ rate }: StreamsJob, arrivals: readonly number[]): number[] {
  const gapMs = 1_000 / rate;
  const shifts = arrivals.map((atMs, i) => atMs - i * gapMs);
  const earliest = shifts.reduce((a, b) => Math.min(a, b), Infinity);
  return shifts.map((shift) => shift - earliest);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: readonly number[], fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(fraction * (sorted.length - 1))] ?? NaN;
}

// Jobs in, results out ─────────────────────────────────────────────────────────

for await (const line of createInterface({ input: process.stdin })) {
  const job: Job = JSON.parse(line);
  const result = job.type === "requests"
    ? await requests(job)
    : await streams(job);
  process.stdout.write(JSON.stringify(result) + "\n");
}
