import assert from "node:assert/strict";
import type { Model } from "../../lib/core/model.ts";
import type { Pattern } from "../../lib/match/pattern.ts";
import { json, testApp, type TestOptions } from "../support/app.ts";
import { reply, rule } from "../support/rules.ts";

const CHAT = "/v1/chat/completions";
const MESSAGES = "/v1/messages";
const COUNT = "/v1/messages/count_tokens";
const MODELS = "/v1/models";
const VERSION = { "anthropic-version": "2023-06-01" };

const hello = { model: "m", messages: [{ role: "user", content: "hello" }] };

function keys(...texts: string[]): Pattern[] {
  return texts.map((text) => ({
    type: text.includes("*") ? "glob" : "exact",
    text,
  }));
}

function appWith(options: Omit<TestOptions, "clock">) {
  return testApp({ responses: { hello: "Hi." }, ...options });
}

interface Told {
  readonly status: number;
  readonly text: string;
  readonly error: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

async function ask(
  app: ReturnType<typeof testApp>,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Told> {
  const init = body === undefined ? { headers } : json(body, headers);
  const response = await app.fetch(path, init);
  const text = await response.text();
  const parsed = JSON.parse(text);
  const { status } = response;
  const error = parsed.error ?? {};
  return { status, text, error, body: parsed, headers: response.headers };
}

// Keys ────────────────────────────────────────────────────────────────────────

const KEYED = appWith({ keys: keys("sk-Right-1", "sk-team-*") });

const BRINGING: readonly Record<string, string>[] = [
  { authorization: "Bearer sk-Right-1" },
  { authorization: "bearer sk-team-red" },
  { "x-api-key": "sk-Right-1" },
  { "api-key": "sk-team-blue" },
];
for (const headers of BRINGING) {
  Deno.test(`a key is accepted in ${JSON.stringify(headers)}`, async () => {
    for (const path of [CHAT, MESSAGES, COUNT]) {
      assert.equal((await ask(KEYED, path, hello, headers)).status, 200, path);
    }
    assert.equal((await ask(KEYED, MODELS, undefined, headers)).status, 200);
  });
}

Deno.test("a key is compared as it is written, its case too", async () => {
  const { status } = await ask(KEYED, CHAT, hello, {
    authorization: "Bearer sk-right-1",
  });
  assert.equal(status, 401);
});

Deno.test("without a key every endpoint of OpenAI's says so, laid out with four spaces", async () => {
  for (
    const told of [
      await ask(KEYED, CHAT, hello),
      await ask(KEYED, MODELS),
      await ask(KEYED, `${MODELS}/mock-llm-model`),
      await ask(KEYED, CHAT, hello, { authorization: "Basic abc" }),
    ]
  ) {
    assert.equal(told.status, 401);
    assert.match(
      String(told.error.message),
      /^You didn't provide an API key\./,
    );
    assert.equal(told.error.type, "invalid_request_error");
    assert.equal(told.error.code, null);
    assert.match(told.text, /^\{\n {4}"error": \{\n {8}"message"/);
    assert.equal(told.headers.get("x-ratelimit-limit-requests"), null);
  }
});

Deno.test("another key is repeated by OpenAI with its ends only", async () => {
  const told = await ask(KEYED, CHAT, hello, {
    authorization: "Bearer sk-abcdefghijklmnopxyz",
  });
  assert.deepEqual(told.error, {
    message:
      "Incorrect API key provided: sk-abc***xyz. You can find your API key at https://platform.openai.com/account/api-keys.",
    type: "invalid_request_error",
    param: null,
    code: "invalid_api_key",
  });
  const short = await ask(KEYED, CHAT, hello, { "api-key": "hunter2" });
  assert.match(String(short.error.message), /provided: \*\*\*\./);
});

Deno.test("upper and lower case differ in keys, in those with * too", async () => {
  for (
    const key of ["SK-Right-1", "sk-right-1", "SK-team-red", "sk-Team-red"]
  ) {
    const told = await ask(KEYED, CHAT, hello, { "x-api-key": key });
    assert.equal(told.status, 401, key);
  }
  const app = appWith({ keys: keys("a*B*c") });
  const status = async (key: string) =>
    (await ask(app, CHAT, hello, { "x-api-key": key })).status;
  assert.deepEqual(await Promise.all(["aBc", "a-B-c"].map(status)), [200, 200]);
  const others = ["a-b-c", "a-B-C", "aB", "ac"];
  assert.deepEqual(
    await Promise.all(others.map(status)),
    others.map(() => 401),
  );
});

const BOTH = {
  authorization: "Bearer sk-Right-1",
  "x-api-key": "sk-other-abcdefghijkl",
};

Deno.test("of two keys the one counts that the provider looks at: Anthropic at its own header, OpenAI at the bearer token", async () => {
  for (const path of [MESSAGES, COUNT]) {
    assert.equal((await ask(KEYED, path, hello, BOTH)).status, 401, path);
  }
  assert.equal(
    (await ask(KEYED, MODELS, undefined, { ...BOTH, ...VERSION })).status,
    401,
  );
  assert.equal((await ask(KEYED, CHAT, hello, BOTH)).status, 200);
  assert.equal((await ask(KEYED, MODELS, undefined, BOTH)).status, 200);
  const other = {
    authorization: "Bearer sk-other-abcdefghijkl",
    "x-api-key": "sk-Right-1",
  };
  assert.equal((await ask(KEYED, MESSAGES, hello, other)).status, 200);
  const told = await ask(KEYED, CHAT, hello, other);
  assert.match(String(told.error.message), /provided: sk-oth\*\*\*jkl\./);
  const empty = { ...BOTH, "x-api-key": "" };
  assert.equal((await ask(KEYED, MESSAGES, hello, empty)).status, 200);
});

Deno.test("rules and quotas see the same of two keys", async () => {
  const app = appWith({
    rules: [rule("other", { key: "sk-other-abcdefghijkl" })],
  });
  const named = async (path: string, headers: Record<string, string>) =>
    (await ask(app, path, hello, headers)).headers;
  assert.equal((await named(MESSAGES, BOTH)).get("x-mock-rule"), "other");
  assert.equal((await named(CHAT, BOTH)).get("x-mock-rule"), null);
  // The same account as before, and another one.
  const left = async (headers: Record<string, string>) =>
    (await named(MESSAGES, headers))
      .get("anthropic-ratelimit-requests-remaining");
  const first = Number(await left({ "x-api-key": BOTH["x-api-key"] }));
  assert.equal(await left(BOTH), String(first - 1));
  assert.equal(
    await left({ authorization: BOTH.authorization }),
    String(first + 1),
  );
});

Deno.test("a rule's invalid_api_key tells OpenAI's clients the ends of their own key", async () => {
  const failure = {
    type: "failure",
    kind: "invalid-key",
    message: "",
  } as const;
  const app = appWith({
    rules: [rule("invalid", {}, {
      replies: [reply({ type: "error", failure })],
    })],
  });
  const messageOf = async (headers?: Record<string, string>) =>
    String((await ask(app, CHAT, hello, headers)).error.message);
  assert.match(
    await messageOf({ authorization: "Bearer sk-abcdefghijklmnopxyz" }),
    /provided: sk-abc\*\*\*xyz\./,
  );
  assert.match(await messageOf({ "api-key": "hunter2" }), /provided: \*\*\*\./);
  assert.match(await messageOf(), /provided: sk-mock\./);
});

Deno.test("Anthropic asks for the header, or calls the key invalid", async () => {
  for (const path of [MESSAGES, COUNT]) {
    const none = await ask(KEYED, path, hello);
    assert.equal(none.status, 401);
    assert.deepEqual(none.error, {
      type: "authentication_error",
      message: "x-api-key header is required",
    });
    const other = await ask(KEYED, path, hello, { "x-api-key": "sk-other" });
    assert.equal(other.error.message, "invalid x-api-key");
    assert.equal(other.headers.get("x-should-retry"), "false");
  }
  const list = await ask(KEYED, MODELS, undefined, VERSION);
  assert.equal(list.error.message, "x-api-key header is required");
});

Deno.test("what is wrong with the request itself is told before its key", async () => {
  const told = await ask(KEYED, CHAT, { model: "m" });
  assert.equal(told.error.code, "missing_required_parameter");
  assert.equal((await ask(KEYED, "/v1/nowhere")).status, 404);
});

Deno.test("a key is judged before rules, which a refused request does not use up", async () => {
  const app = appWith({
    keys: keys("sk-1"),
    rules: [rule("once", {}, { onEnd: "error" })],
  });
  assert.equal((await ask(app, CHAT, hello)).status, 401);
  const headers = { authorization: "Bearer sk-1" };
  assert.equal((await ask(app, CHAT, hello, headers)).status, 200);
  assert.equal((await ask(app, CHAT, hello, headers)).status, 404);
});

Deno.test("pages that are no provider's need no key", async () => {
  assert.equal((await KEYED.fetch("/health")).status, 200);
});

Deno.test("no key is told to the log", async () => {
  const app = appWith({ keys: keys("sk-Right-1234567890") });
  const secret = "sk-Wrong-1234567890";
  await ask(app, CHAT, hello, { authorization: `Bearer ${secret}` });
  await ask(app, COUNT, hello, { authorization: `Bearer ${secret}` });
  assert.equal(app.exchanges.length, 2);
  assert.match(
    String(app.exchanges[0]?.error),
    /none of the configuration's keys/,
  );
  assert.doesNotMatch(JSON.stringify(app.exchanges), /sk-(Wro|Rig)/);
});

// Models ──────────────────────────────────────────────────────────────────────

const GPT: Model = {
  id: "gpt-x",
  snapshot: "gpt-x-2026-01-01",
  contextWindow: 60,
  maxOutputTokens: 40,
};
const LISTED = appWith({ models: [GPT, { ...GPT, id: "gpt-x-2026-01-01" }] });

Deno.test("a model answers under the name of its snapshot, regular and streamed, in both dialects", async () => {
  const question = { ...hello, model: "gpt-x" };
  for (const path of [CHAT, MESSAGES]) {
    const { body } = await ask(LISTED, path, question);
    assert.equal(body.model, "gpt-x-2026-01-01", path);
    const stream = await LISTED.fetch(
      path,
      json({ ...question, stream: true }),
    );
    const models = (await stream.text()).match(/"model":"[^"]+"/g);
    assert.deepEqual(new Set(models), new Set(['"model":"gpt-x-2026-01-01"']));
  }
});

Deno.test("X-Model-Id wins over a snapshot, and other names stay what they are", async () => {
  const renamed = await ask(LISTED, CHAT, { ...hello, model: "gpt-x" }, {
    "x-model-id": "mine",
  });
  assert.equal(renamed.body.model, "mine");
  assert.equal((await ask(LISTED, CHAT, hello)).body.model, "m");
});

Deno.test("rules see the name that was asked for", async () => {
  const app = appWith({
    models: [GPT],
    rules: [rule("by name", { model: "gpt-x" })],
  });
  const told = await ask(app, CHAT, { ...hello, model: "gpt-x" });
  assert.equal(told.headers.get("x-mock-rule"), "by name");
});

function long(words: number, more: Record<string, unknown> = {}) {
  const content = Array.from({ length: words }, () => "word").join(" ");
  return { model: "gpt-x", messages: [{ role: "user", content }], ...more };
}

Deno.test("a prompt longer than the window is refused with the right numbers", async () => {
  const { body } = await ask(LISTED, COUNT, long(100));
  const tokens = body.input_tokens;
  assert.ok(Number(tokens) > 60);
  const openai = await ask(LISTED, CHAT, long(100));
  assert.equal(openai.status, 400);
  assert.deepEqual(openai.error, {
    message:
      `This model's maximum context length is 60 tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
    type: "invalid_request_error",
    param: "messages",
    code: "context_length_exceeded",
  });
  const anthropic = await ask(LISTED, MESSAGES, long(100));
  assert.equal(anthropic.status, 400);
  assert.deepEqual(anthropic.error, {
    type: "invalid_request_error",
    message: `prompt is too long: ${tokens} tokens > 60 maximum`,
  });
});

Deno.test("OpenAI's window holds the longest answer too, Anthropic's does not; the edge is within", async () => {
  const { body } = await ask(LISTED, COUNT, long(20));
  const room = 60 - Number(body.input_tokens);
  assert.ok(room > 1 && room < 40);
  const fits = await ask(LISTED, CHAT, long(20, { max_tokens: room }));
  assert.equal(fits.status, 200);
  const over = await ask(LISTED, CHAT, long(20, { max_tokens: room + 1 }));
  assert.equal(
    over.error.message,
    `This model's maximum context length is 60 tokens. However, you requested 61 tokens (${
      60 - room
    } in the messages, ${
      room + 1
    } in the completion). Please reduce the length of the messages or completion.`,
  );
  const anthropic = await ask(
    LISTED,
    MESSAGES,
    long(20, { max_tokens: room + 1 }),
  );
  assert.equal(anthropic.status, 200);
});

Deno.test("more tokens than the model gives are refused, in the words of the parameter", async () => {
  const most = await ask(LISTED, MESSAGES, long(1, { max_tokens: 40 }));
  assert.equal(most.status, 200);
  for (const name of ["max_tokens", "max_completion_tokens"]) {
    const { error } = await ask(LISTED, CHAT, long(1, { [name]: 41 }));
    assert.deepEqual(error, {
      message:
        `${name} is too large: 41. This model supports at most 40 completion tokens, whereas you provided 41.`,
      type: "invalid_request_error",
      param: name,
      code: "invalid_value",
    });
  }
  const { error } = await ask(LISTED, MESSAGES, long(1, { max_tokens: 41 }));
  assert.equal(
    error.message,
    "max_tokens: 41 > 40, which is the maximum allowed number of output tokens for gpt-x",
  );
});

Deno.test("bounds hold for the snapshot by its own name", async () => {
  const { status } = await ask(LISTED, CHAT, {
    ...long(100),
    model: "gpt-x-2026-01-01",
  });
  assert.equal(status, 400);
});

Deno.test("a model that nothing is known of has no bounds", async () => {
  const { status } = await ask(LISTED, CHAT, {
    ...long(1_000, { max_tokens: 1_000_000 }),
    model: "other",
  });
  assert.equal(status, 200);
});

Deno.test("known_models_only refuses other names in both dialects, for chat, count and the catalog", async () => {
  const app = appWith({
    models: [GPT],
    settings: { knownModelsOnly: true },
  });
  for (const path of [CHAT, MESSAGES, COUNT]) {
    const { status, error } = await ask(app, path, hello);
    assert.equal(status, 404, path);
    assert.match(String(error.message), /`m` does not exist|^model: m$/);
    const known = await ask(app, path, { ...hello, model: "gpt-x" });
    assert.equal(known.status, 200, path);
  }
  assert.equal((await ask(app, `${MODELS}/m`)).status, 404);
  assert.equal((await ask(app, `${MODELS}/m`, undefined, VERSION)).status, 404);
  assert.equal((await ask(app, `${MODELS}/gpt-x`)).status, 200);
});
