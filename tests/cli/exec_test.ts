import assert from "node:assert/strict";
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
