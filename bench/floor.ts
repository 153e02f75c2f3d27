/**
 * The least a server can do: bare handlers for Deno and Bun that send what mockllm sends and do
 * nothing else. What mockllm costs more than this is the price of its features.
 *
 * Imports nothing from `lib/`, so a change there cannot move the floor with it. The words come
 * from outside: `PUT /template` brings the headers and bodies of the server compared with.
 *
 * @module
 */

import process from "node:process";

/** What the server compared with answers. */
export interface Template {
  /** Response headers of a regular answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body. */
  readonly body: string;
  /** The same for a stream. */
  readonly stream: StreamTemplate;
}

/** A stream in parts. */
export interface StreamTemplate {
  /** Response headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** What comes before the first content frame. */
  readonly head: string;
  /** A content frame up to its JSON text. */
  readonly prefix: string;
  /** And after it. */
  readonly suffix: string;
  /** What comes after the last content frame. */
  readonly tail: string;
  /** The text of each content frame of an unpaced stream. */
  readonly tokens: readonly string[];
}

/** The fields of the body that are looked at. */
interface Asked {
  readonly stream?: boolean;
}

let template: Template;
const encoder = new TextEncoder();

async function handle(request: Request): Promise<Response> {
  if (request.url.endsWith("/health")) return new Response("ok");
  if (request.method === "PUT") {
    template = await request.json();
    return new Response("ok");
  }
  const count = Number(request.headers.get("x-token-count"));
  if (count > 0) return paced(request, count);
  const asked: Asked = JSON.parse(await request.text());
  return asked.stream ? unpaced() : regular();
}

function regular(): Response {
  return new Response(template.body, { headers: { ...template.headers } });
}

/** The fastest way both runtimes know: the whole stream is one string. */
function unpaced(): Response {
  const { headers, head, prefix, suffix, tail, tokens } = template.stream;
  let body = head;
  for (const token of tokens) body += prefix + JSON.stringify(token) + suffix;
  return new Response(body + tail, { headers: { ...headers } });
}

function paced(request: Request, count: number): Response {
  const rate = Number(request.headers.get("x-tokens-per-second"));
  return new Response(stream(count, 1_000 / rate), {
    headers: { ...template.stream.headers },
  });
}

// The pacer: one heap of streams by their next deadline, one timer ──────────────

/** A stream that is waiting. */
interface Waiting {
  readonly startMs: number;
  readonly gapMs: number;
  readonly count: number;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  sent: number;
  atMs: number;
}

const heap: Waiting[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let wakesAtMs = Infinity;
/** How late timers are: Deno's are about a millisecond. */
let biasMs = 0.5;

function stream(count: number, gapMs: number): ReadableStream<Uint8Array> {
  let entry: Waiting | undefined;
  return new ReadableStream({
    start(controller) {
      const startMs = performance.now();
      entry = { startMs, gapMs, count, controller, sent: 0, atMs: startMs };
      controller.enqueue(encoder.encode(template.stream.head));
      advance(entry, startMs);
      sleep();
    },
    cancel() {
      if (entry) entry.sent = Infinity;
    },
  });
}

/** Sends what is due and goes back to waiting. */
function advance(entry: Waiting, nowMs: number): void {
  const { prefix, suffix, tail } = template.stream;
  let frames = "";
  while (entry.sent < entry.count && entry.atMs <= nowMs + 0.5) {
    frames += prefix + JSON.stringify("abcd") + suffix;
    entry.sent++;
    entry.atMs = entry.startMs + entry.sent * entry.gapMs;
  }
  if (entry.sent === Infinity) return;
  const over = entry.sent === entry.count && entry.atMs <= nowMs + 0.5;
  if (over) frames += tail;
  entry.controller.enqueue(encoder.encode(frames));
  if (over) entry.controller.close();
  else push(entry);
}

function sleep(): void {
  const nextMs = heap[0]?.atMs ?? Infinity;
  if (nextMs >= wakesAtMs) return;
  clearTimeout(timer);
  wakesAtMs = nextMs;
  const waitMs = Math.max(0, nextMs - performance.now() - biasMs);
  timer = setTimeout(wake, Math.round(waitMs));
}

function wake(): void {
  const nowMs = performance.now();
  const lateMs = nowMs - wakesAtMs;
  if (Math.abs(lateMs) < 5) biasMs = clamp(biasMs + 0.05 * lateMs, 0, 2);
  wakesAtMs = Infinity;
  for (;;) {
    const first = heap[0];
    if (first === undefined || first.atMs > nowMs + 0.5) break;
    pop();
    advance(first, nowMs);
  }
  sleep();
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function push(entry: Waiting): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const other = heap[parent] as Waiting;
    if (other.atMs <= entry.atMs) break;
    heap[index] = other;
    index = parent;
  }
  heap[index] = entry;
}

function pop(): void {
  const last = heap.pop() as Waiting;
  if (heap.length === 0) return;
  let index = 0;
  for (let child = 1; child < heap.length; child = 2 * index + 1) {
    const right = heap[child + 1];
    if (right && right.atMs < (heap[child] as Waiting).atMs) child++;
    const other = heap[child] as Waiting;
    if (other.atMs >= last.atMs) break;
    heap[index] = other;
    index = child;
  }
  heap[index] = last;
}

// The two runtimes ─────────────────────────────────────────────────────────────

/** The little of Bun that is used. */
interface Bun {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly idleTimeout: number;
    readonly fetch: (request: Request) => Promise<Response>;
  }): unknown;
}

function serve(port: number): void {
  const { Bun: bun } = globalThis as { Bun?: Bun };
  const hostname = "127.0.0.1";
  if (bun) bun.serve({ hostname, port, idleTimeout: 0, fetch: handle });
  else Deno.serve({ hostname, port, onListen: () => {} }, handle);
}

serve(Number(process.argv[2]));
