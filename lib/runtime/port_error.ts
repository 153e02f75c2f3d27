/**
 * Why a port cannot be bound, as Bun and Node tell it.
 *
 * @module
 */

import { PortError } from "./runtime.ts";

const REASONS: Readonly<Record<string, PortError["reason"]>> = {
  EADDRINUSE: "in use",
  EACCES: "not allowed",
  EPERM: "not allowed",
  EADDRNOTAVAIL: "no such address",
  EINVAL: "no such address",
  ENOTFOUND: "no such address",
  EAI_AGAIN: "no such address",
};

/** `error` as a {@linkcode PortError}, if it says why. */
export function portErrorOf(error: unknown): unknown {
  const code = error instanceof Error && "code" in error
    ? String(error.code)
    : "";
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return reason === undefined ? error : new PortError(reason, { cause: error });
}
