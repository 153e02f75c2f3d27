// `seed`: what is drawn of what is said is the same for the same seed; ids are others each time.

import assert from "node:assert/strict";
import type { Content } from "../../lib/match/rule.ts";
import { type Administered, administered } from "../support/administered.ts";
import { json } from "../support/app.ts";
import { sseEvents } from "../support/fold.ts";
import { settle } from "../support/manual_clock.ts";
import { reply, rule } from "../support/rules.ts";
import { tool } from "./_openai.ts";

/** Everything that is drawn. */
const DRAWN: Readonly<Record<string, Content>> = {
  "random tokens": { type: "tokens", count: 8, length: 4 },
  "auto": { type: "auto" },
  "what templates draw": {
    type: "template",
    source: "{{ random }} {{ uuid }} {{ choice }}",
  },
  "how likely tokens were": { type: "text", text: "One two three four five." },
};

type Body = Record<string, unknown>;

function serverSaying(content: Content): Administered {
  return administered({
    rules: [rule("says", {}, { replies: [reply(content)] })],
  });
}

async function ask(
  server: Administered,
  more: Body,
  headers: Record<string, string> = {},
): Promise<string> {
  const body = {
    model: "gpt-4o",
    messages: [{ role: "user", content: "hi" }],
    logprobs: true,
    top_logprobs: 1,
    n: 2,
    ...more,
  };
  const response = await server.ask(
    "/v1/chat/completions",
    json(body, headers),
  );
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

/** What is said and how likely it was, by choice; ids apart. */
function said(text: string) {
  const { id, choices } = JSON.parse(text);
  // deno-lint-ignore no-explicit-any
  const told = choices.map(({ message, logprobs }: any) => ({
    text: message.content,
    likely: logprobs?.content,
  }));
  return { id, told };
}

/** The same of a stream. */
function streamed(text: string) {
  const told = [0, 1].map(() => ({ text: "", likely: [] as unknown[] }));
  for (const { data } of sseEvents(text).slice(0, -1)) {
    const [{ index, delta, logprobs }] = JSON.parse(data).choices;
    const choice = told[index];
    assert.ok(choice);
    choice.text += delta.content ?? "";
    choice.likely.push(...logprobs?.content ?? []);
  }
  return told;
}

for (const [name, content] of Object.entries(DRAWN)) {
  Deno.test(`openai_chat: seed: ${name}: the same for the same seed, in whichever request and session, and ids are not`, async () => {
    const server = serverSaying(content);
    const first = said(await ask(server, { seed: 7 }));
    await ask(server, {});
    const again = said(await ask(server, { seed: 7 }));
    const elsewhere = { "x-mock-session": "other" };
    const other = said(await ask(server, { seed: 7 }, elsewhere));
    assert.deepEqual(again.told, first.told);
    assert.deepEqual(other.told, first.told);
    assert.equal(new Set([first.id, again.id, other.id]).size, 3);
    for (const seed of [8, -7, 7 + 2 ** 32, 2 ** 60, undefined]) {
      const { told } = said(await ask(server, { seed }));
      assert.notDeepEqual(told, first.told, String(seed));
    }
  });

  Deno.test(`openai_chat: seed: ${name}: the same whole and streamed, and made again by the journal`, async () => {
    const server = serverSaying(content);
    const { told } = said(await ask(server, { seed: 7 }));
    const stream = await ask(server, { seed: 7, stream: true });
    assert.deepEqual(streamed(stream), told);
    const { sent } = await server.json("/_mock/requests/2");
    assert.equal(sent, stream);
  });

  Deno.test(`openai_chat: seed: ${name}: the X-Mock-Seed that an answer tells makes all of it again`, async () => {
    const server = serverSaying(content);
    const first = await ask(server, { seed: 7 });
    const { plan: { seed } } = await server.json("/_mock/requests/1");
    await ask(server, { seed: 7 });
    const headers = { "x-mock-seed": String(seed) };
    assert.equal(await ask(server, { seed: 7 }, headers), first);
    assert.notEqual(await ask(server, { seed: 8 }, headers), first);
  });
}

Deno.test("openai_chat: seed decides random tokens that headers ask for, and arguments of auto, whose ids are drawn each time", async () => {
  const server = serverSaying({ type: "auto" });
  const five = { "x-token-count": "5", "x-tokens-per-second": "1000" };
  const tokens = async (seed: number) => {
    const asking = ask(server, { seed }, five);
    await settle();
    await server.clock.advance(server.clock.nextMs);
    return said(await asking).told;
  };
  assert.deepEqual(await tokens(1), await tokens(1));
  assert.notDeepEqual(await tokens(1), await tokens(2));
  const parameters = {
    type: "object",
    properties: { code: { type: "string", minLength: 20 } },
    required: ["code"],
  };
  const call = async () => {
    const body = { seed: 1, n: 1, tools: [tool("f", { parameters })] };
    const { choices: [choice] } = JSON.parse(await ask(server, body));
    return choice.message.tool_calls[0];
  };
  const [one, other] = [await call(), await call()];
  assert.deepEqual(one.function, other.function);
  assert.notEqual(one.id, other.id);
});
