/**
 * Goldens by the folder: `tests/golden/<dialect>/<case>/request.json` in, `response.txt` out,
 * with the time of every write. `deno task golden` rewrites them; the diff is the review.
 *
 * A case holds `path`, and may hold `method`, `headers`, `body` (JSON, or text sent as it
 * stands), `options` (see `TestOptions`) and `source`: where the shape was seen, and when.
 */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dialects } from "../lib/dialects/registry.ts";
import { perform, testApp, type TestOptions } from "./support/app.ts";

interface Case {
  readonly source: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly options?: TestOptions & { clock?: never };
}

const root = new URL("./golden/", import.meta.url);
const rewrite = Deno.env.get("MOCKLLM_GOLDEN") === "write";

Deno.test("every dialect of the registry has goldens", () => {
  for (const { name } of dialects) {
    assert.ok(existsSync(new URL(name, root)), name);
  }
});

for (const folder of folders(root)) {
  for (const name of folders(new URL(`${folder}/`, root))) {
    Deno.test(`golden ${folder}: ${name.replaceAll("_", " ")}`, async () => {
      const place = new URL(`${folder}/${name}/`, root);
      const asked: Case = JSON.parse(
        readFileSync(new URL("request.json", place), "utf8"),
      );
      const golden = new URL("response.txt", place);
      const answer = await answerTo(asked);
      if (rewrite) writeFileSync(golden, answer);
      assert.equal(answer, readFileSync(golden, "utf8"));
    });
  }
}

/** The whole response as text: status, headers, and each write with its time. */
async function answerTo(
  { method = "POST", path, headers, body, options }: Case,
): Promise<string> {
  const app = testApp(options ?? {});
  const sent = body === undefined || typeof body === "string"
    ? body
    : JSON.stringify(body);
  const init = {
    method,
    headers: { "x-mock-seed": "1", ...headers },
    ...(sent ? { body: sent } : {}),
  };
  const { response, writes } = await perform(app, path, init);
  assert.deepEqual(app.defects, []);
  const lines = [
    `HTTP ${response.status}`,
    ...[...response.headers].map(([k, v]) => `${k}: ${v}`),
  ];
  const told = writes.map(({ atMs, text }) =>
    `@ ${Math.round(atMs * 1_000) / 1_000} ms\n${text}`
  );
  return `${lines.join("\n")}\n\n${told.join("\n")}\n`;
}

function folders(url: URL): string[] {
  return readdirSync(url, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory()
  )
    .map(({ name }) => name).sort();
}
