/**
 * A whole configuration file round one line of it.
 *
 * @module
 */

/** A good file that holds `lines` in the section that the keys of `section` are documented in. */
export function fileWith(section: string, lines: string): string {
  const [before = "", indent = 0] = FRAMES[section] ?? [];
  const indented = lines.replaceAll("\n", `\n${" ".repeat(indent)}`);
  const text = `${before}${indented}\n`;
  return /^(rules|responses):/m.test(text)
    ? text
    : `responses:\n  "hello": "Hi."\n${text}`;
}

const RULE = 'rules:\n  - reply: "Hi."\n    ';

/** What stands before the lines of a section, and how deep they are. */
const FRAMES: Readonly<Record<string, readonly [string, number]>> = {
  "": ["", 0],
  settings: ["settings:\n  ", 2],
  "settings.stream_by": ["settings:\n  stream_by:\n    ", 4],
  defaults: ["defaults:\n  ", 2],
  models: ["models:\n  - ", 4],
  rules: [RULE, 4],
  "rules.when": [`${RULE}when:\n      `, 6],
  "rules.state": [`${RULE}state:\n      `, 6],
  "rules.reply": ["rules:\n  - reply:\n      ", 6],
  "rules.reply.tokens": ["rules:\n  - reply:\n      tokens:\n        ", 8],
  "rules.reply.error": ["rules:\n  - reply:\n      error:\n        ", 8],
  "rules.reply.usage": [
    "rules:\n  - reply:\n      text: a\n      usage:\n        ",
    8,
  ],
  "rules.reply.tool_calls": [
    "rules:\n  - reply:\n      tool_calls:\n        ",
    8,
  ],
  "rules.reply.blocks": ["rules:\n  - reply:\n      blocks:\n      - ", 8],
  "rules.reply.blocks.tool_call": [
    "rules:\n  - reply:\n      blocks:\n      - tool_call:\n          ",
    10,
  ],
  "rules.reply.refusal": ["rules:\n  - reply:\n      refusal:\n        ", 8],
  "rules.reply.blocks.refusal": [
    "rules:\n  - reply:\n      blocks:\n      - refusal:\n          ",
    10,
  ],
  "rules.reply.blocks.citations": [
    "rules:\n  - reply:\n      blocks:\n      - text: a\n        citations:\n        - ",
    10,
  ],
  paces: ["paces:\n  chatty:\n    ", 4],
};

/** What an example needs beside it, to be whole. */
const BESIDE: Readonly<Record<string, string>> = {
  "rules.reply.finish": 'text: "Hi."',
  "rules.reply.usage": 'text: "Hi."',
  "rules.reply.error.type": "status: 400",
  "rules.reply.error.code": "status: 400",
  "rules.reply.error.message": "status: 400",
  "rules.reply.error.retry_after": "status: 400",
  "rules.reply.error.headers": "status: 400",
  "rules.reply.tool_calls.arguments": "name: f",
  "rules.reply.tool_calls.id": "name: f",
  "rules.reply.blocks.tool_call.arguments": "name: f",
  "rules.reply.blocks.tool_call.id": "name: f",
  "rules.reply.blocks.citations": "text: a",
  "rules.reply.blocks.citations.title": "url: https://example.com/",
  "rules.reply.blocks.citations.encrypted_index": "url: https://example.com/",
  "rules.reply.blocks.citations.search_result_index": "source: kb",
  "rules.state.requires": "sets: logged_in",
  "rules.state": "# nothing",
  "paces.jitter": "itl: 20",
  "models.snapshot": "id: gpt-4o",
  "models.context_window": "id: gpt-4o",
  "models.max_output_tokens": "id: gpt-4o",
  "models.created": "id: gpt-4o",
  "models.owned_by": "id: gpt-4o",
  "models.display_name": "id: gpt-4o",
};

/** The example of a key in a whole file. */
export function exampleFile(path: string, example: string): string {
  const section = path.includes(".") ? path.replace(/\.\w+$/, "") : "";
  if (path === "settings.stream_by.characters") {
    return fileWith("settings", example);
  }
  if (path === "rules.reply" || path === "rules.replies") {
    return `rules:\n  - ${example}\n`;
  }
  if (path === "rules.state") {
    return `${
      fileWith("rules", example)
    }  - reply: a\n    state: { sets: logged_in }\n`;
  }
  const beside = BESIDE[path];
  return fileWith(
    section,
    beside === undefined ? example : `${beside}\n${example}`,
  );
}
