/**
 * The first page: for whoever opens the server's address in a browser.
 *
 * @module
 */

import type { Page } from "./page.ts";

/** What this is, what it answers, and one line to paste. */
export function indexPage(version: string): Page {
  return {
    route: "GET /",
    answer: () => ({
      status: 200,
      type: "text/html; charset=utf-8",
      body: PAGE.replace("{version}", version),
      headers: { "content-security-policy": POLICY },
    }),
  };
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>mockllm</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem }
  pre { overflow-x: auto; padding: 1rem; background: #8882; border-radius: .3rem }
  td { padding: .1rem 1.5rem .1rem 0 }
</style>
<h1>mockllm {version}</h1>
<p>A stand-in for LLM APIs. It answers like the real ones, from your rules, at your speed.
<pre>curl -N -X POST localhost:8000/v1/chat/completions -H 'X-Token-Count: 50' -H 'X-Tokens-Per-Second: 5'</pre>
<table>
  <tr><td>POST /v1/chat/completions<td>OpenAI: base URL is this server with <code>/v1</code>
  <tr><td>POST /v1/messages<td>Anthropic: base URL is this server
  <tr><td>POST /v1/messages/count_tokens<td>tokens of a message
  <tr><td>GET /v1/models<td>the models
  <tr><td>GET /v1/models/{id}<td>one of them
  <tr><td><a href="docs">GET /docs</a><td>the API in Swagger UI, to try
  <tr><td><a href="redoc">GET /redoc</a><td>the API in ReDoc, to read
  <tr><td><a href="openapi.json">GET /openapi.json</a><td>the API as OpenAPI 3.1
  <tr><td><a href="health">GET /health</a><td>whether the server is up
  <tr><td><a href="metrics">GET /metrics</a><td>what happened, for Prometheus
  <tr><td><a href="_mock/requests?last=10">GET /_mock/requests</a><td>what was asked, and what answered
  <tr><td>POST /_mock/verify<td>whether what you wanted has been asked
  <tr><td>POST /_mock/rules<td>rules while the server runs
  <tr><td><a href="_mock/coverage">GET /_mock/coverage</a><td>which rules answered, and which never did
  <tr><td><a href="_mock">GET /_mock</a><td>everything else that can be asked and changed
</table>
`;
