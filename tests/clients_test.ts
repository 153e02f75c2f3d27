import assert from "node:assert/strict";
import { clientEnvironment, clientExports } from "../lib/clients.ts";
import { dialects } from "../lib/dialects/registry.ts";

const URL = "http://127.0.0.1:8000";

Deno.test("every dialect says what its clients read, the address first", () => {
  for (const { name, clients = [] } of dialects) {
    assert.ok(clients[0]?.value(URL, "mock-key")?.startsWith(URL), name);
    assert.ok(clients.some((each) => /_KEY$/.test(each.name)), name);
  }
});

Deno.test("OpenAI's address ends in /v1, Anthropic's does not", () => {
  const environment = clientEnvironment(URL);
  assert.equal(environment.OPENAI_BASE_URL, `${URL}/v1`);
  assert.equal(environment.ANTHROPIC_BASE_URL, URL);
  assert.equal(
    clientExports(URL),
    `OPENAI_BASE_URL=${URL}/v1 ANTHROPIC_BASE_URL=${URL}`,
  );
});

Deno.test("a token that contradicts the key is among the variables that must not be set", () => {
  const environment = clientEnvironment(URL);
  assert.ok(Object.hasOwn(environment, "ANTHROPIC_AUTH_TOKEN"));
  assert.equal(environment.ANTHROPIC_AUTH_TOKEN, undefined);
  assert.equal(environment.ANTHROPIC_API_KEY, "mock-key");
});
