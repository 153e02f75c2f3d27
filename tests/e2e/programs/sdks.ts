/**
 * The official clients as they are made without a word about where and with which key.
 *
 * @module
 */

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const [prompt = ""] = Deno.args;
const messages = [{ role: "user" as const, content: prompt }];

const completion = await new OpenAI().chat.completions.create({
  model: "gpt-4o",
  messages,
});
const message = await new Anthropic().messages.create({
  model: "claude-sonnet-4-5",
  max_tokens: 100,
  messages,
});
const [block] = message.content;
console.log(completion.choices[0]?.message.content);
console.log(block?.type === "text" ? block.text : block);
