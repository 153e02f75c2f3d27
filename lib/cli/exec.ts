/**
 * `mockllm exec -- CMD`: has a server listen on a free port, runs a command whose clients find
 * it, and tells what was asked. The command's end is the end of it all.
 *
 * @module
 */

import { clientEnvironment } from "../clients.ts";
import { SystemClock } from "../core/clock.ts";
import { FAREWELL_MS_MAX } from "../core/limits.ts";
import { usableKey } from "../match/admission.ts";
import { detectRuntime } from "../runtime/detect.ts";
import type { ExecValues } from "./flags.ts";
import { runChild } from "./child.ts";
import { conclude } from "./conclude.ts";
import type { Io } from "./io.ts";
import { Log, type LogForm } from "./log.ts";
import { refuse } from "./refuse.ts";
import { Server, surviveDefects } from "./serve.ts";
import { ALONE } from "./workers.ts";

/** Runs `command` beside a server; resolves to the exit code. */
export async function exec(
  given: ExecValues,
  command: readonly string[],
  io: Io,
): Promise<number> {
  const clock = new SystemClock();
  const form = (given.log ?? "text") as LogForm;
  const log = new Log({ output: io.err, clock, form });
  const values = { ...given, quiet: given.log === undefined };
  const runtime = detectRuntime(clock);
  try {
    using server = new Server({ values, log, clock, runtime, worker: ALONE });
    await server.listen();
    surviveDefects(log);
    const key = usableKey(server.config);
    const environment = childEnvironment(io.env, server.url, key);
    const end = await runChild(command, environment);
    await server.stop(FAREWELL_MS_MAX); // time to learn that the command's connections are gone
    const { code, refusal } = end;
    if (refusal === undefined) {
      return await conclude(server, {
        code,
        demands: given,
        quiet: given.quiet,
      }, log);
    }
    log.say({ type: "error", message: refusal });
    return code;
  } catch (error) {
    return refuse(error, values, log);
  } finally {
    log.flush();
  }
}

/** The environment of a command whose clients are to ask the server at `url`, with `key`, and nobody else. */
export function childEnvironment(
  env: Io["env"],
  url: string,
  key?: string,
): Io["env"] {
  return {
    ...env,
    ...clientEnvironment(url, key),
    ...(PROXIES.some((name) => env[name]) && withoutProxy(env, url)),
    MOCKLLM_URL: url,
  };
}

const PROXIES = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/** Clients would ask a proxy for us, and that is another machine. */
function withoutProxy(env: Io["env"], url: string): Io["env"] {
  const { hostname } = new URL(url);
  const besides = (value: string | undefined) =>
    value === "*" || !value ? value || hostname : `${value},${hostname}`;
  return {
    NO_PROXY: besides(env.NO_PROXY ?? env.no_proxy),
    no_proxy: besides(env.no_proxy ?? env.NO_PROXY),
  };
}
