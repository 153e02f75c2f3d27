import assert from "node:assert/strict";
import { usableKey } from "../../lib/match/admission.ts";
import { childEnvironment } from "../../lib/cli/exec.ts";

const URL = "http://127.0.0.1:4711";

Deno.test("childEnvironment() leaves no key and no address of the real providers", () => {
  const env = childEnvironment({
    PATH: "/bin",
    OPENAI_API_KEY: "sk-real",
    OPENAI_BASE_URL: "https://api.openai.com/v1",
    ANTHROPIC_API_KEY: "sk-ant-real",
    ANTHROPIC_AUTH_TOKEN: "real",
  }, URL);
  assert.deepEqual({ ...env }, {
    PATH: "/bin",
    OPENAI_API_KEY: "mock-key",
    OPENAI_BASE_URL: `${URL}/v1`,
    OPENAI_API_BASE: `${URL}/v1`,
    ANTHROPIC_API_KEY: "mock-key",
    ANTHROPIC_AUTH_TOKEN: undefined,
    ANTHROPIC_BASE_URL: URL,
    ANTHROPIC_API_BASE: URL,
    MOCKLLM_URL: URL,
  });
});

Deno.test("childEnvironment() gives the key that the server takes", () => {
  const env = childEnvironment({ OPENAI_API_KEY: "real" }, URL, "sk-mine");
  assert.equal(env.OPENAI_API_KEY, "sk-mine");
  assert.equal(env.ANTHROPIC_API_KEY, "sk-mine");
  const exact = { type: "exact", text: "sk-mine" } as const;
  const glob = { type: "glob", text: "sk-*" } as const;
  assert.equal(usableKey({ keys: [glob, exact] }), "sk-mine");
  assert.equal(usableKey({ keys: [glob] }), undefined);
  assert.equal(usableKey({}), undefined);
});

Deno.test("childEnvironment() keeps proxies out of the way, and what goes past them already", () => {
  const proxied = { https_proxy: "x", http_proxy: "http://proxy:3128" };
  const hosts = (env: Record<string, string>) => {
    const { NO_PROXY, no_proxy } = childEnvironment(env, URL);
    return [NO_PROXY, no_proxy];
  };
  assert.deepEqual(hosts({}), [undefined, undefined]);
  assert.deepEqual(hosts(proxied), ["127.0.0.1", "127.0.0.1"]);
  assert.deepEqual(
    hosts({ ...proxied, no_proxy: "internal" }),
    ["internal,127.0.0.1", "internal,127.0.0.1"],
  );
  assert.deepEqual(hosts({ ...proxied, NO_PROXY: "*" }), ["*", "*"]);
});
