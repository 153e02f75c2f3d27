/**
 * Which runtime this is.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { bunRuntime } from "./bun.ts";
import { denoRuntime } from "./deno.ts";
import type { Runtime } from "./runtime.ts";

/** The runtime this process is on; it waits by `clock`. */
export function detectRuntime(clock: Clock): Runtime {
  if ("Bun" in globalThis) return bunRuntime(clock);
  if ("Deno" in globalThis) return denoRuntime(clock);
  throw new Error("mockllm runs on Deno and on Bun, and this is neither");
}
