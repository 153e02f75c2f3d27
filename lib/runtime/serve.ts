/**
 * Listening on whatever runtime this is, Node included: for mocks in tests.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Handler } from "../core/handler.ts";
import type { Listener, ServeOptions } from "./runtime.ts";

/** Binds a port and answers with `handler`. Rejects with `PortError` when it cannot. */
export async function serve(
  handler: Handler,
  options: Pick<ServeOptions, "host" | "port">,
  clock: Clock,
): Promise<Listener> {
  if ("Bun" in globalThis || "Deno" in globalThis) {
    const { detectRuntime } = await import("./detect.ts");
    return await detectRuntime(clock).serve(handler, {
      ...options,
      sharedPort: false,
    });
  }
  const { serveOnNode } = await import("./node.ts");
  return await serveOnNode(handler, options, clock);
}
