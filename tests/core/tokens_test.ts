/** Laws of the token estimate, and how near it comes to o200k_base. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { countTokens, tokenEnd } from "../../lib/core/tokens.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) =>
    String.fromCharCode(...units)
  ),
  fc.string({
    unit: fc.constantFrom(
      ..." \n\tab'ZQ19.(_-\"{}我あ가я\u0301\u200d\ud83c\udffb\ud83d",
    ),
  }),
);

Deno.test("tokenEnd() always moves on and never past the end", () => {
  fc.assert(fc.property(anyText, (text) => {
    const cut = tokens(text);
    assert.equal(cut.join(""), text);
    assert.ok(cut.every((token) => token.length > 0));
  }));
});

Deno.test("countTokens() is the number of tokenEnd() steps", () => {
  fc.assert(fc.property(anyText, (text) => {
    assert.equal(countTokens(text), tokens(text).length);
  }));
});

Deno.test("tokenEnd() depends on nothing before its start", () => {
  fc.assert(fc.property(anyText, anyText, (before, text) => {
    if (text === "") return;
    assert.equal(
      tokenEnd(before + text, before.length) - before.length,
      tokenEnd(text, 0),
    );
  }));
});

Deno.test("tokenEnd() never halves a surrogate pair", () => {
  fc.assert(fc.property(anyText, (text) => {
    if (!text.isWellFormed()) return;
    assert.ok(tokens(text).every((token) => token.isWellFormed()));
  }));
});

Deno.test("an empty text is no token", () => assert.equal(countTokens(""), 0));

const CASES: Record<string, readonly string[]> = {
  "a space leads its word": ["Hello", " world", "!"],
  "a contraction is one": ["I", " don't", " know"],
  "long words come in pieces": [" intern", "ationa", "lisation"],
  "capitals and small letters part": ["get", "User", "Name", " JSON"],
  "digits go by three": ["202", "6", "-", "11", "-", "21", " ", "100", "00"],
  "punctuation takes the newlines after it": ["end", ".\n\n", "Next"],
  "the last space of an indentation leads the word": [
    "{\n",
    "   ",
    " return",
    ";\n",
    "}",
  ],
  "Han characters stand alone or in pairs": ["我爱", "北", "京", "。"],
  "a combining mark stays with its base": ["cafe\u0301", " bar"],
  "a joined emoji is one": ["👩‍👩‍👧", "👍🏽", " 🎉"],
  "a lone surrogate is one": ["\ud83d", "\ud83d\ude00", "\ude00"],
};

for (const [claim, expected] of Object.entries(CASES)) {
  Deno.test(`tokenEnd(): ${claim}`, () =>
    assert.deepEqual(tokens(expected.join("")), expected));
}

// Counted with gpt-tokenizer 4.0.0, o200k_base, on 2026-11-21.
const COUNTED:
  readonly (readonly [name: string, text: string, tokens: number])[] = [
    [
      "English prose",
      "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it, 'and what is the use of a book,' thought Alice 'without pictures or conversations?' So she was considering in her own mind (as well as she could, for the hot day made her feel very sleepy and stupid), whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close by her.",
      130,
    ],
    [
      "markdown",
      "# Getting started\n\nInstall the package, then **configure** it:\n\n1. Copy `config.example.yml` to `config.yml`.\n2. Set `timeout_ms` (default: 3000) and `retries`.\n3. Run `npm start` and open <http://localhost:8000/docs>.\n\n| option | meaning |\n| --- | --- |\n| `--port` | the port to listen on |\n| `--quiet` | print nothing |\n\n> **Note:** the server never reloads a file that does not parse; see [problems](docs/problems.md).\n",
      121,
    ],
    [
      "code",
      "export async function fetchUser(id: string): Promise<User | undefined> {\n  const response = await fetch(`${BASE_URL}/users/${id}`);\n  if (response.status === 404) return undefined;\n  if (!response.ok) throw new Error(`Unexpected status ${response.status}`);\n  return await response.json() as User;\n}\n\nfor (let index = 0; index < items.length; index++) {\n  totals[items[index].name] = (totals[items[index].name] ?? 0) + 1;\n}\n",
      110,
    ],
    [
      "JSON",
      '{"model":"gpt-4o","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"What is the weather in Paris tomorrow?"}],"temperature":0.7,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}',
      83,
    ],
    [
      "Chinese",
      "人工智能正在改变我们的生活方式。过去几年里，大型语言模型取得了显著的进步，它们可以回答问题、翻译文章、编写代码，甚至帮助医生分析病历。不过，这些模型也会犯错，所以在重要的场合，我们仍然需要仔细核对它们给出的答案。为了测试使用这些模型的程序，开发人员常常需要一个稳定、快速而且免费的替代服务器。",
      94,
    ],
    [
      "German",
      "Der Server beantwortet jede Anfrage genau so, wie es die echte Schnittstelle tun würde. Wer seine Anwendung prüfen möchte, schreibt die gewünschten Antworten in eine Datei und startet das Programm. Änderungen an der Datei werden sofort übernommen, ohne dass laufende Verbindungen unterbrochen werden müssen.",
      56,
    ],
    [
      "Russian",
      "Сервер отвечает на каждый запрос точно так же, как настоящий. Чтобы проверить свою программу, достаточно записать нужные ответы в файл и запустить сервер. Изменения в файле вступают в силу сразу, и открытые соединения при этом не прерываются.",
      56,
    ],
    [
      "Japanese",
      "このサーバーは、本物のサービスとまったく同じように要求に答えます。自分のプログラムを試したい人は、必要な答えをファイルに書いて、サーバーを起動するだけです。ファイルを変更すると、すぐに反映されます。",
      71,
    ],
  ];

for (const [name, text, exact] of COUNTED) {
  Deno.test(`countTokens() is within 12 % of o200k_base on ${name}`, () => {
    const off = countTokens(text) / exact - 1;
    assert.ok(Math.abs(off) <= 0.12, `off by ${(off * 100).toFixed(1)} %`);
  });
}

Deno.test("countTokens() takes time in proportion to the text, whatever is repeated", () => {
  for (
    const unit of [
      "a",
      "A",
      " ",
      "\n",
      "-",
      "1",
      "我",
      "\u0301",
      "\u200d",
      "\ud83d",
    ]
  ) {
    // With a cost that grows by the square, this would take hours.
    assert.ok(countTokens(unit.repeat(1_000_000)) > 0, JSON.stringify(unit));
  }
});

function tokens(text: string): string[] {
  const cut = [];
  for (let at = 0; at < text.length;) {
    cut.push(text.slice(at, at = tokenEnd(text, at)));
  }
  return cut;
}
