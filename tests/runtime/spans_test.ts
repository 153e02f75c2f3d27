/** Traces that Deno makes by itself, as a collector receives them. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { eventually, launch } from "../support/process.ts";

interface Span {
  readonly name: string;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string };
  }[];
}

/** A collector of spans: OTLP over HTTP, as JSON. */
class Collector implements AsyncDisposable {
  readonly spans: Span[] = [];
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => this.#take(request),
  );

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async #take(request: Request): Promise<Response> {
    const { resourceSpans = [] } = await request.json();
    for (const { scopeSpans } of resourceSpans) {
      for (const { spans } of scopeSpans) this.spans.push(...spans);
    }
    return Response.json({});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

const TRACED = {
  name: "a traced server",
  argv: [
    Deno.execPath(),
    "run",
    "-A",
    fileURLToPath(new URL("_traced.ts", import.meta.url)),
  ],
};

Deno.test("a span is named after its route, and after its method alone where there is none", async () => {
  await using collector = new Collector();
  await using server = launch(TRACED, [], {
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    },
  });
  await server.out.until(/^http:\S+\n/);
  await (await fetch(`${server.url}/v1/models/gpt-4o`)).text();
  await (await fetch(`${server.url}/lost`)).text();
  const spans = await eventually(
    () => collector.spans.length === 2 ? collector.spans : undefined,
    "two spans",
  );
  const told = spans.map(({ name, attributes }) => [
    name,
    attributes.find(({ key }) => key === "http.route")?.value.stringValue,
  ]);
  assert.deepEqual(told.toSorted(), [
    ["GET /v1/models/:id", "/v1/models/:id"],
    ["GET", undefined],
  ]);
});

Deno.test("without OTEL_DENO, nothing is sent and nothing is missing", async () => {
  await using server = launch(TRACED, []);
  await server.out.until(/^http:\S+\n/);
  const response = await fetch(`${server.url}/v1/models/gpt-4o`);
  assert.equal(response.status, 200);
  await response.text();
});
