/** Traces that Deno makes by itself, as a collector receives them. */

import assert from "node:assert/strict";
import { eventually, launchServer, PROGRAMS } from "../support/process.ts";

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

Deno.test("with OTEL_DENO, each request is a span named after its route", async () => {
  const [program] = PROGRAMS;
  assert.ok(program !== undefined);
  await using collector = new Collector();
  await using server = await launchServer(program, [], {
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    },
  });
  const paths = ["/v1/models/gpt-4o", "/health", "/lost"];
  for (const path of paths) await (await fetch(server.url + path)).text();
  const spans = await eventually(
    () => collector.spans.length === paths.length ? collector.spans : undefined,
    "the spans",
  );
  const told = spans.map(({ name, attributes }) => [
    name,
    attributes.find(({ key }) => key === "http.route")?.value.stringValue,
  ]);
  assert.deepEqual(told.toSorted(), [
    ["GET /health", "/health"],
    ["GET /v1/models/:id", "/v1/models/:id"],
    ["GET", undefined],
  ]);
});
