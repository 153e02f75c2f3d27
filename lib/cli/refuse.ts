/**
 * Why a server cannot start, in a line or two and without a stack.
 *
 * @module
 */

import { ConfigError } from "../config/live.ts";
import { PortError } from "../runtime/runtime.ts";
import { authority, bare } from "./address.ts";
import type { Log } from "./log.ts";

/** Says why; gives the exit code. Throws `error` again if it is none of those that are expected. */
export function refuse(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
  log: Log,
): number {
  if (error instanceof ConfigError) {
    log.say({ type: "refused", problems: error.problems, more: error.more });
    return 1;
  }
  if (!(error instanceof PortError)) throw error;
  log.say({
    type: "error",
    message: `Cannot listen on ${authority(bare(host), port)}: ${
      REMEDIES[error.reason]
    }`,
  });
  return 2;
}

const REMEDIES: Readonly<Record<PortError["reason"], string>> = {
  "in use": "the port is in use. Stop what uses it, or try --port 0",
  "not allowed": "this user may not take that port. Try one above 1023",
  "no such address": "this machine has no such address. Try --host 127.0.0.1",
};
