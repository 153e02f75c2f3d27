import assert from "node:assert/strict";
import {
  ask,
  launchServer,
  type Program,
  runToEnd,
  temporaryFolder,
  testEach,
} from "../support/process.ts";

const FILES = {
  "rules/a.yml": `rules:
  - name: order
    when: { prompt: '/order #(?<id>\\d+)/i', model: "gpt-*" }
    reply: { template: "Order {{ id }} has shipped." }
`,
  "rules/b.yml": "responses: { hello: Hello! }\n",
};

async function scripted() {
  const folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/rules`);
  for (const [name, text] of Object.entries(FILES)) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  }
  return folder;
}

/** Explains a prompt to gpt-4o by both files. */
async function explain(program: Program, prompt: string, ...options: string[]) {
  await using folder = await scripted();
  const request = `${folder.path}/request.json`;
  const messages = [{ role: "user", content: prompt }];
  await Deno.writeTextFile(
    request,
    JSON.stringify({ model: "gpt-4o", messages }),
  );
  const args = ["explain", ...options, "rules/a.yml", "rules/b.yml", request];
  return await runToEnd(program, args, { cwd: folder.path });
}

testEach(
  "explain tells hit, response and default apart, in words and by its exit code",
  async (program) => {
    const hit = await explain(program, "order #7");
    assert.equal(hit.code, 0, hit.err);
    assert.match(
      hit.out,
      /answered by {2}rule "order" \(rules\/a\.yml:2\)\ncaptures {5}id = "7"\n/,
    );
    assert.match(hit.out, /text {9}"Order 7 has shipped\."\n/);
    const response = await explain(program, "HELLO");
    assert.equal(response.code, 0);
    assert.match(
      response.out,
      /answered by {2}response "hello" \(rules\/b\.yml:1\)\n/,
    );
    const miss = await explain(program, "order #x");
    assert.equal(miss.code, 1);
    assert.match(
      miss.out,
      /not by {7}rule "order" \(rules\/a\.yml:2\): prompt is "order #x"/,
    );
  },
);

testEach(
  "explain tells the text that the server then says",
  async (program) => {
    await using folder = await scripted();
    const args = ["--responses", "rules/a.yml", "--seed", "3"];
    await using server = await launchServer(program, args, {
      cwd: folder.path,
    });
    const said = await ask(server.url, "order #9");
    const { out } = await explain(program, "order #9", "--seed", "3", "--json");
    const { plan, answered_by } = JSON.parse(out);
    assert.equal(plan.text, said);
    assert.equal(answered_by.name, "order");
  },
);
