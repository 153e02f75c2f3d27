import assert from "node:assert/strict";
import { say } from "../support/command.ts";
import { temporaryFolder } from "../support/process.ts";

const RULES = `paces:
  chatty: { ttft: 300, tokens_per_second: 40 }
rules:
  - name: order status
    when: { prompt: '/order #(?<id>\\d+)/i', model: "gpt-*" }
    replies:
      - { template: "Order {{ id }} has shipped." }
      - error: overloaded
    pace: chatty
  - name: weather
    when: { prompt: "*weather*", model: "claude-*" }
    reply: It rains.
  - name: back
    when: { prompt: hi }
    state: { requires: away, sets: start }
    reply: Welcome back.
  - name: leave
    when: { prompt: bye }
    state: { sets: away }
    reply: Bye.
responses:
  "what colour is the sky?": Purple.
defaults:
  unknown_response: What?
`;

const TOOLS = `rules:
  - name: tools
    when: { prompt: "call *" }
    reply:
      reasoning: Let me see.
      tool_calls:
        - { name: look, arguments: { at: sky } }
        - { name: listen }
`;

/** What `explain` says of a request to the rules above; names of files as they stand in them. */
function explained(body: unknown, ...options: string[]) {
  return explainedBy(RULES, body, ...options);
}

async function explainedBy(rules: string, body: unknown, ...options: string[]) {
  await using folder = await temporaryFolder();
  const at = (name: string) => `${folder.path}/${name}`;
  await Deno.writeTextFile(at("responses.yml"), rules);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  await Deno.writeTextFile(at("request.json"), text);
  const files = [at("responses.yml"), at("request.json")];
  const { code, out, err } = await say("explain", ...options, ...files);
  const relative = (text: string) => text.replaceAll(`${folder.path}/`, "");
  return { code, out: relative(out), err: relative(err) };
}

function chat(content: string, more: object = {}) {
  return { model: "gpt-4o", messages: [{ role: "user", content }], ...more };
}

Deno.test("explain: a hit, with captures, plan and times", async () => {
  const { code, out, err } = await explained(chat("Order #12, please"));
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(
    out.replace(/^(seed ).*$/m, "$1 …").replace(/^(timeline ).*$/m, "$1 …"),
    `request      POST /v1/chat/completions, openai_chat (guessed; --dialect says which)
             model "gpt-4o", whole, 1 message, turn 1, state start
prompt       "Order #12, please"

answered by  rule "order status" (responses.yml:4), the first of 2 replies
captures     id = "12"

status       200
text         "Order 12 has shipped."
finish       stop
usage        12 tokens in, 6 out
pace         300 ms to the first chunk, then 25 ms a chunk
cut          token
seed  …

timeline  …
             1 write, 0 deltas, 811 characters in 450 ms
`,
  );
});

Deno.test("explain: calls and thoughts are told, and as JSON too", async () => {
  const { out } = await explainedBy(TOOLS, chat("call them"));
  assert.match(
    out,
    /\nreasoning {4}"Let me see\."\ncalls {8}look \{"at":"sky"\}\n {13}listen \{\}\nfinish {7}tool-calls\n/,
  );
  assert.doesNotMatch(out, /^text /m);
  const { plan } = JSON.parse(
    (await explainedBy(TOOLS, chat("call them"), "--json")).out,
  );
  assert.equal(plan.reasoning, "Let me see.");
  assert.deepEqual(plan.calls, [
    { name: "look", arguments: '{"at":"sky"}' },
    { name: "listen", arguments: "{}" },
  ]);
});

Deno.test("explain: a near miss says which rule was near, and what it wanted", async () => {
  const { code, out } = await explained(chat("The weather?"));
  assert.equal(code, 1);
  assert.match(
    out,
    /answered by {2}the default \(responses\.yml:24\): no rule and no response matches\n/,
  );
  assert.match(
    out,
    /\n {13}rule "weather" \(responses\.yml:10\): model is "gpt-4o", wants "claude-\*"\n/,
  );
});

Deno.test("explain: a prompt like that of a response is told", async () => {
  const { code, out } = await explained(chat("what color is the sky?"));
  assert.equal(code, 1);
  assert.match(
    out,
    /\n {13}response "what colour is the sky\?" \(responses\.yml:22\): prompt is not the same\n/,
  );
  const hit = await explained(chat("What colour is  the sky?"));
  assert.equal(hit.code, 0);
  assert.match(hit.out, /answered by {2}response "what colour is the sky\?"/);
});

Deno.test("explain: a stream is told write by write", async () => {
  const { out } = await explained(chat("order #3", { stream: true }));
  assert.match(out, /\ntimeline +300 ms {2}1 delta {4}….*"content":"Order"/);
  assert.match(out, /\n +450 ms {2}0 deltas .*\[DONE\]\n/);
  assert.match(out, /\n {13}\d+ writes, 6 deltas, \d+ characters in 450 ms\n$/);
});

Deno.test("explain: headers, session, state and seed are those that were given", async () => {
  const options = [
    "--session",
    "s1",
    "--state",
    "away",
    "-H",
    "x-mock-seed: 9",
  ];
  const { out } = await explained(chat("hi"), ...options);
  assert.match(out, /, session "s1", state away\n/);
  assert.match(out, /answered by {2}rule "back"/);
  assert.match(out, /\nseed {9}9\n/);
  const tokens = await explained(chat("hi"), "-H", "X-Token-Count: 7");
  assert.equal(tokens.code, 0);
  assert.match(tokens.out, /\ntext {9}7 random tokens\n/);
});

Deno.test("explain: a request that the dialect refuses shows the refusal", async () => {
  const { code, out } = await explained({ model: "gpt-4o" });
  assert.equal(code, 1);
  assert.match(out, /\nrefused {6}Missing required parameter: 'messages'\.\n/);
  assert.match(out, /\nstatus {7}400\n/);
});

Deno.test("explain --dialect asks whom it names", async () => {
  const { out } = await explained(
    chat("hi", { max_tokens: 9 }),
    "-d",
    "anthropic_messages",
  );
  assert.match(out, /^request {6}POST \/v1\/messages, anthropic_messages\n/);
  const wrong = await explained(chat("hi"), "-d", "opnai_chat");
  assert.deepEqual([wrong.code, wrong.err], [
    2,
    '--dialect "opnai_chat" is none that mockllm speaks. Did you mean "openai_chat"?\n',
  ]);
});

Deno.test("explain takes an entry of the journal for the request it holds", async () => {
  const entry = {
    id: "7",
    dialect: "anthropic_messages",
    session: "s7",
    headers: { authorization: "[redacted]", "x-mock-seed": "5" },
    body: chat("The weather?", { model: "claude-x", max_tokens: 9 }),
  };
  const { code, out } = await explained(entry);
  assert.equal(code, 0);
  assert.match(out, /POST \/v1\/messages, anthropic_messages\n/);
  assert.match(
    out,
    /session "s7"[^]*answered by {2}rule "weather"[^]*\nseed {9}5\n/,
  );
});

Deno.test("explain --json is the same as data", async () => {
  const { code, out } = await explained(chat("The weather?"), "--json");
  assert.equal(code, 1);
  const { scripted, dialect, answered_by, misses, plan, timeline } = JSON.parse(
    out,
  );
  assert.deepEqual([scripted, dialect, answered_by.type, plan.text], [
    false,
    "openai_chat",
    "default",
    "What?",
  ]);
  assert.deepEqual(misses[1], {
    rule: "weather",
    place: "responses.yml:10",
    because: 'model is "gpt-4o", wants "claude-*"',
    conditions_held: 1,
    conditions_failed: 1,
  });
  assert.deepEqual([timeline.status, timeline.writes], [200, 1]);
  const hit = JSON.parse((await explained(chat("order #1"), "--json")).out);
  assert.deepEqual([hit.scripted, hit.captures, hit.plan.pace.first_ms], [
    true,
    { id: "1" },
    300,
  ]);
});

Deno.test("explain reports a broken file like validate, and explains nothing", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => `${folder.path}/${name}`;
  await Deno.writeTextFile(at("bad.yml"), "respnses: {}\n");
  await Deno.writeTextFile(at("request.json"), "{}");
  const { code, out, err } = await say(
    "explain",
    at("bad.yml"),
    at("request.json"),
  );
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /bad\.yml:1:1: error: /);
});

Deno.test("explain refuses headers that are none, and requests that are not there", async () => {
  const header = await explained(chat("x"), "-H", "no colon");
  assert.equal(header.code, 2);
  assert.match(
    header.err,
    /^--header takes a name and a value such as 'x-team: search'/,
  );
  const { code, err } = await say("explain", "a.yml", "no-such-request.json");
  assert.equal(code, 2);
  assert.match(
    err,
    /^There is no request no-such-request\.json\. The last operand is/,
  );
});

Deno.test("explain lets no control character through to the terminal", async () => {
  const { out } = await explained(
    chat("\u001b[2J weather", { model: "\u001b]0;x" }),
  );
  assert.ok(!out.includes("\u001b"), out);
});

Deno.test("explain: an error in the provider's own words is named", async () => {
  const rules = "rules: [{ reply: { error: overloaded } }]";
  const { code, out } = await explainedBy(rules, chat("hello"));
  assert.equal(code, 0);
  assert.match(out, /^error +overloaded, in the provider's own words$/m);
});
