/**
 * mockllm as a command: a child process, its two outputs, its end. Every wait is bounded, and
 * no child outlives its test.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** Longest wait for anything that should happen at once; generous, for busy machines. */
export const PATIENCE_MS = 10_000;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A way to start mockllm. */
export interface Program {
  /** Its name in test names. */
  readonly name: string;
  /** What starts it, arguments not included. */
  readonly argv: readonly string[];
}

/** Both ways to start mockllm: the same claims hold for each. */
export const PROGRAMS: readonly Program[] = [
  {
    name: "source on Deno",
    argv: [Deno.execPath(), "run", "-A", `${ROOT}main.ts`],
  },
  { name: "executable", argv: [`${ROOT}dist/mockllm`] },
];

/** Registers a test of each program. */
export function testEach(
  claim: string,
  body: (program: Program) => Promise<void>,
): void {
  for (const program of PROGRAMS) {
    Deno.test(`${program.name}: ${claim}`, () => body(program));
  }
}

/** How a child is started. */
export interface LaunchOptions {
  /** Working folder. */
  readonly cwd?: string;
  /** Its environment, besides what every program needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a child. Dispose of it. */
export function launch(
  { argv }: Program,
  args: readonly string[],
  options: LaunchOptions = {},
): Child {
  const [command = "", ...rest] = argv;
  const { PATH = "", HOME = "", DENO_DIR } = Deno.env.toObject();
  const child = new Deno.Command(command, {
    args: [...rest, ...args],
    cwd: options.cwd ?? ROOT,
    clearEnv: true,
    env: {
      PATH,
      HOME,
      ...(DENO_DIR !== undefined && { DENO_DIR }),
      ...options.env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return new Child(child);
}

/** Starts `mockllm start` on a free port and waits until it listens. Dispose of it. */
export async function launchServer(
  program: Program,
  args: readonly string[] = [],
  options: LaunchOptions = {},
): Promise<Child> {
  const child = launch(program, ["start", "--port", "0", ...args], options);
  try {
    await child.out.until(/^http:\S+\n/);
    await child.err.until(/OPENAI_BASE_URL|"started"/);
    return child;
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

/** Runs a command to its end. */
export async function runToEnd(
  program: Program,
  args: readonly string[],
  options: LaunchOptions = {},
): Promise<
  { readonly code: number; readonly out: string; readonly err: string }
> {
  await using child = launch(program, args, options);
  const code = await child.exit();
  return { code, out: child.out.text, err: child.err.text };
}

/** A child process. */
export class Child implements AsyncDisposable {
  /** Its standard output. */
  readonly out: Reader;
  /** Its standard error. */
  readonly err: Reader;
  readonly #child: Deno.ChildProcess;

  /** Reads what `child` says from now on. */
  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.out = new Reader(child.stdout);
    this.err = new Reader(child.stderr);
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Where it listens, as it printed it. */
  get url(): string {
    return this.out.text.split("\n", 1)[0] ?? "";
  }

  /** Sends it a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Its exit code, once it has ended and all it said was read. */
  async exit(): Promise<number> {
    const { code } = await within(
      this.#child.status,
      `process ${this.pid} to end\n${this.err.text}`,
    );
    await within(
      Promise.all([this.out.ended, this.err.ended]),
      "its outputs to end",
    );
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#child.status;
    await Promise.all([this.out.ended, this.err.ended]);
  }
}

/** Collects what a stream says. */
export class Reader {
  /** All it said so far. */
  text = "";
  /** Resolves at its end. */
  readonly ended: Promise<void>;
  #heard: () => void = () => {};
  #over = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  /** Begins to read. */
  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    this.ended = this.#read();
  }

  /** Waits until `pattern` was said; resolves to the match. */
  async until(pattern: RegExp): Promise<RegExpMatchArray> {
    for (const deadline = Date.now() + PATIENCE_MS;;) {
      const match = this.text.match(pattern);
      if (match !== null) return match;
      const leftMs = deadline - Date.now();
      if (leftMs <= 0 || this.#over) {
        throw new Error(`${pattern} was never said. This was:\n${this.text}`);
      }
      const heard = new Promise<void>((resolve) => this.#heard = resolve);
      await within(heard, "more", leftMs).catch(() => {});
    }
  }

  /** Stops reading, as `head` does when it has enough. */
  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await this.#reader.read();
      this.#over = done;
      if (done) return this.#heard();
      this.text += decoder.decode(value, { stream: true });
      this.#heard();
    }
  }
}

/** Tries `probe` again and again until it gives something other than undefined. */
export async function eventually<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  what: string,
  patienceMs: number = PATIENCE_MS,
): Promise<T> {
  for (const deadline = Date.now() + patienceMs;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) {
      throw new Error(`Waited ${patienceMs} ms in vain for ${what}`);
    }
    await soon(10);
  }
}

/** `work`, or a failure that says what was waited for. */
export async function within<T>(
  work: Promise<T>,
  what: string,
  patienceMs: number = PATIENCE_MS,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Waited ${patienceMs} ms in vain for ${what}`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A folder of its own for a test. */
export async function temporaryFolder(): Promise<
  AsyncDisposable & { readonly path: string }
> {
  const path = await Deno.makeTempDir({ prefix: "mockllm-test-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Asks the OpenAI dialect; resolves to the text of the answer. */
export async function ask(url: string, prompt: string): Promise<string> {
  const response = await postJson(`${url}/v1/chat/completions`, {
    model: "gpt-4o",
    messages: [{ role: "user", content: prompt }],
  });
  const body = await response.json();
  return body.choices[0].message.content;
}

/** Posts JSON. */
export function postJson(url: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return within(
    fetch(url, { method: "POST", headers, body: JSON.stringify(body) }),
    `an answer of ${url}`,
  );
}

/** Posts without a body, as `curl -X POST` does. */
export function post(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return within(fetch(url, { method: "POST", headers }), `an answer of ${url}`);
}

function soon(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
