import assert from "node:assert/strict";
import {
  exchangeJson,
  exchangeLine,
  exchangeReasons,
} from "../../lib/cli/line.ts";
import { Log } from "../../lib/cli/log.ts";
import type { Exchange } from "../../lib/core/exchange.ts";
import { LOG_ERROR_CHARS_MAX, LOG_WAITING_MAX } from "../../lib/core/limits.ts";
import { ManualClock } from "../support/manual_clock.ts";

const EXCHANGE: Exchange = {
  arrivedEpochMs: Date.UTC(2026, 10, 21, 21, 7, 3, 45),
  method: "POST",
  path: "/v1/chat/completions",
  status: 200,
  dialect: "openai_chat",
  model: "gpt-4o",
  stream: true,
  answeredBy: "responses.yml:3",
  firstMs: 12.34,
  totalMs: 1204,
  deltas: 57,
  ended: "complete",
  reanchoredMs: 0,
  sentChars: 900,
};

/** The line without its time, which depends on where the machine is. */
function line(change: Partial<Exchange>, color = false): string {
  return exchangeLine({ ...EXCHANGE, ...change }, color).slice(
    "21:07:03.045 ".length,
  );
}

function recorder(form: "text" | "json") {
  const writes: string[] = [];
  const clock = new ManualClock();
  const output = {
    terminal: false,
    color: false,
    full: false,
    write: (text: string) => void writes.push(text),
    flush: () => Promise.resolve(),
  };
  return { writes, clock, output, log: new Log({ output, clock, form }) };
}

Deno.test("exchangeLine() is aligned", () => {
  assert.equal(
    line({}),
    "200 openai_chat        gpt-4o                 stream responses.yml:3         12 ms   1.20 s  57 deltas\n",
  );
  assert.equal(
    line({ stream: false, deltas: 0, firstMs: 0.26, totalMs: 0.26 }),
    "200 openai_chat        gpt-4o                 whole  responses.yml:3        0.3 ms   0.3 ms\n",
  );
});

Deno.test("exchangeLine() starts with the time of day", () => {
  assert.match(exchangeLine(EXCHANGE, false), /^\d\d:\d\d:03\.045 200 /);
});

Deno.test("exchangeLine() says who left, and after how much", () => {
  assert.match(
    line({ ended: "client left", deltas: 1 }),
    /client left after 1 delta\n$/,
  );
  assert.match(
    line({ ended: "client left", deltas: 0 }),
    /client left after 0 deltas\n$/,
  );
});

Deno.test("exchangeLine() tells why a request was refused and how far a stream was moved", () => {
  assert.match(
    line({ status: 400, error: "Missing: model" }),
    /Missing: model\n$/,
  );
  assert.match(
    line({ reanchoredMs: 3200 }),
    /moved back 3\.20 s after a standstill\n$/,
  );
});

Deno.test("exchangeLine() cuts and escapes what a client chose", () => {
  const hostile = line({
    model: "\x1b[2J\nforged \u202e",
    error: `\r${"x".repeat(1_000)}`,
  });
  assert.match(hostile, /^200 openai_chat {8}\\x1b\[2J\\nforged /);
  assert.equal(hostile.indexOf("\n"), hostile.length - 1);
  assert.ok(hostile.length < 300);
});

Deno.test("no form of a line repeats a key that a refusal or a reason does", () => {
  const exchange: Exchange = {
    ...EXCHANGE,
    error: "No model is called sk-ant-api03-abcdefgh",
    misses: () => ['prompt is "AKIAIOSFODNN7EXAMPLE sk-ant-ab…", wants "hi"'],
  };
  for (const form of [exchangeLine, exchangeReasons, exchangeJson]) {
    const text = form(exchange, false);
    assert.match(text, /No model is called \[redacted\]/);
    assert.doesNotMatch(text, /sk-ant|AKIA/);
  }
  assert.match(
    exchangeReasons(exchange, false),
    /prompt is "\[redacted\] \[redacted\]…", wants "hi"/,
  );
});

Deno.test("exchangeLine() shows method and path where there is no dialect", () => {
  const { dialect: _dialect, model: _model, answeredBy: _by, ...page } =
    EXCHANGE;
  const text = exchangeLine({
    ...page,
    stream: false,
    deltas: 0,
    path: "/health",
  }, false);
  assert.match(text, / 200 POST \/health +12 ms +1\.20 s\n$/);
});

Deno.test("exchangeLine() paints refusals only when asked to", () => {
  assert.ok(line({ status: 404 }, true).startsWith("\x1b[33m404\x1b[0m "));
  assert.match(line({ status: 404 }, false), /^404 /);
});

Deno.test("Log writes requests together, a moment later", async () => {
  const { writes, clock, log } = recorder("text");
  log.exchange(EXCHANGE);
  log.exchange(EXCHANGE);
  assert.equal(writes.length, 0);
  await clock.advance(50);
  assert.equal(writes.length, 1);
  assert.equal(writes[0]?.match(/\n/g)?.length, 2);
});

Deno.test("Log keeps the order of requests and news", () => {
  const { writes, log } = recorder("text");
  log.exchange(EXCHANGE);
  log.say({ type: "note", message: "Stopping" });
  assert.match(writes.join(""), /deltas\n.*Stopping\n$/);
});

Deno.test("Log writes JSON, one object a line, with control characters escaped", () => {
  const { writes, log } = recorder("json");
  log.exchange({ ...EXCHANGE, model: "a\x1b\x9b\u2028b" });
  log.say({ type: "warning", message: "careful" });
  const lines = writes.join("").trimEnd().split("\n");
  assert.ok(lines[0]?.includes("a\\u001b\\u009b\\u2028b"), lines[0]);
  const [request, warning] = lines.map((each) => JSON.parse(each));
  assert.deepEqual([request.event, request.time, request.status], [
    "request",
    "2026-11-21T21:07:03.045Z",
    200,
  ]);
  assert.deepEqual([warning.event, warning.message], ["warning", "careful"]);
});

Deno.test("Log drops lines nobody takes, and says how many once somebody does", () => {
  const { writes, output, log } = recorder("text");
  output.full = true;
  for (let count = 0; count < 3; count++) log.exchange(EXCHANGE);
  log.flush();
  assert.equal(writes.length, 0);
  output.full = false;
  log.flush();
  assert.match(writes.join(""), /3 requests are not shown/);
});

Deno.test("Log holds a bounded number of requests between two writes", () => {
  const { writes, log } = recorder("text");
  for (let count = 0; count < LOG_WAITING_MAX; count++) log.exchange(EXCHANGE);
  log.flush();
  assert.equal(writes.length, 1);
  assert.equal(writes[0]?.match(/\n/g)?.length, LOG_WAITING_MAX);
  for (let count = 0; count < LOG_WAITING_MAX + 7; count++) {
    log.exchange(EXCHANGE);
  }
  log.flush();
  assert.equal(writes[1]?.match(/\n/g)?.length, LOG_WAITING_MAX);
  assert.match(writes[2] ?? "", / 7 requests are not shown/);
});

Deno.test("exchangeLine() shows as much of a reason as the limit says, and cuts a longer one", () => {
  const reason = (chars: number) => "x".repeat(chars);
  const whole = line({ error: reason(LOG_ERROR_CHARS_MAX) });
  assert.ok(whole.endsWith(` ${reason(LOG_ERROR_CHARS_MAX)}\n`));
  const cut = line({ error: reason(LOG_ERROR_CHARS_MAX + 1) });
  assert.ok(cut.endsWith(` ${reason(LOG_ERROR_CHARS_MAX - 1)}…\n`));
});
