/**
 * The load client's process, and the words the floor must say.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { StreamTemplate, Template } from "./floor.ts";
import type {
  RequestsJob,
  RequestsResult,
  StreamsJob,
  StreamsResult,
} from "./load.ts";

/** A running load client. */
export interface Client {
  /** Measures regular requests, or whole unpaced streams. */
  run(job: RequestsJob): Promise<RequestsResult>;
  /** Measures paced streams. */
  run(job: StreamsJob): Promise<StreamsResult>;
  /** Ends it. */
  stop(): void;
}

/** Starts `bench/load.ts` on Bun. */
export function startClient(): Client {
  const path = new URL("load.ts", import.meta.url).pathname;
  const child = spawn("bun", [path], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })
    [Symbol.asyncIterator]();
  return {
    async run<T>(job: RequestsJob | StreamsJob): Promise<T> {
      child.stdin.write(JSON.stringify(job) + "\n");
      const { value, done } = await lines.next();
      if (done) throw new Error("Cannot measure: the load client ended");
      return JSON.parse(value);
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

/** A body of about 370 bytes with a prompt that `bench/responses.yml` answers. */
export function bodyOf(
  prompt: string,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const system =
    "You are a helpful assistant. Answer in one short sentence, in the language " +
    "of the question, and say so when you do not know. Never make anything up.";
  return JSON.stringify({
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: system },
      { role: "user", content: prompt },
    ],
    temperature: 0.7,
    max_tokens: 256,
    user: "bench",
    ...more,
  });
}

/** What the server at `port` answers, in the form the floor repeats it. */
export async function readTemplate(port: number): Promise<Template> {
  const regular = await ask(port, bodyOf("what colour is the sky?"));
  const stream = await ask(port, bodyOf("a hundred tokens", { stream: true }));
  return {
    headers: headersOf(regular),
    body: await regular.text(),
    stream: { headers: headersOf(stream), ...split(await stream.text()) },
  };
}

/** Brings `template` to a floor. */
export async function teach(port: number, template: Template): Promise<void> {
  const body = JSON.stringify(template);
  const response = await fetch(`http://127.0.0.1:${port}/template`, {
    method: "PUT",
    body,
  });
  await response.body?.cancel();
}

function ask(port: number, body: string): Promise<Response> {
  const headers = { "content-type": "application/json" };
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  return fetch(url, { method: "POST", headers, body });
}

/** Headers that a server's HTTP layer adds by itself. */
const TRANSPORT = [
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "vary",
];

function headersOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => !TRANSPORT.includes(name)),
  );
}

function split(text: string): Omit<StreamTemplate, "headers"> {
  const frames = text.split("\n\n").slice(0, -1).map((frame) => frame + "\n\n");
  const content = frames.slice(1, -2);
  const [prefix = "", suffix = ""] = (content[0] ?? "").split(
    JSON.stringify(tokenOf(content[0])),
  );
  return {
    head: frames[0] ?? "",
    prefix,
    suffix,
    tail: frames.slice(-2).join(""),
    tokens: content.map(tokenOf),
  };
}

function tokenOf(frame = "data: {}"): string {
  return JSON.parse(frame.slice("data: ".length)).choices[0].delta.content;
}
