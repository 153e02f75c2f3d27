/** A server of two routes, for the test of traces: a process of its own, since Deno reads OTEL_DENO once. */

import { SystemClock } from "../../lib/core/clock.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";

const runtime = detectRuntime(new SystemClock());
const { port } = await runtime.serve(async (request, connection) => {
  await request.text();
  if (request.url.includes("/v1/models/")) {
    connection.routed?.("GET /v1/models/:id");
  }
  return new Response();
}, { host: "127.0.0.1", port: 0, sharedPort: false });
console.log(`http://127.0.0.1:${port}`);
