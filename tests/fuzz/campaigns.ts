/**
 * The campaigns there are, ready to be run.
 *
 * @module
 */

import { type EndpointPath, ENDPOINTS, mutatedRequest } from "./bodies.ts";
import type { Campaign } from "./campaign.ts";
import type { BodyCase, Case, Complaint, ConfigCase, RawCase } from "./case.ts";
import { mutatedConfig } from "./config.ts";
import type { ConfigThread } from "./config_worker.ts";
import { inProcess, type TryBody } from "./in_process.ts";
import { overSocket } from "./over_socket.ts";
import { mutatedRaw, tryRaw } from "./raw.ts";

/** All endpoints that take a body. */
export const PATHS = Object.keys(ENDPOINTS) as EndpointPath[];

/** Bodies for `path`, tried by `attempt`; an app in this process unless given. */
export function bodies(
  path: EndpointPath,
  count: number,
  attempt: TryBody = inProcess(),
): Campaign<BodyCase> {
  return {
    name: `bodies for ${path}, in process`,
    count,
    atOnce: 1,
    draw: (random) => mutatedRequest(path, random),
    attempt,
  };
}

/** Bodies for `path` over a socket to a running server. */
export function bodiesOverSocket(
  path: EndpointPath,
  count: number,
  server: { readonly name: string; readonly url: string },
): Campaign<BodyCase> {
  return {
    name: `bodies for ${path}, ${server.name}`,
    count,
    atOnce: 8,
    draw: (random) => mutatedRequest(path, random),
    attempt: overSocket(server.url),
  };
}

/** Raw bytes at a running server. */
export function rawBytes(
  count: number,
  server: { readonly name: string; readonly url: string },
): Campaign<RawCase> {
  return {
    name: `raw bytes, ${server.name}`,
    count,
    atOnce: 16,
    draw: mutatedRaw,
    attempt: tryRaw(server.url),
  };
}

/** Configuration texts. */
export function configs(
  count: number,
  thread: ConfigThread,
): Campaign<ConfigCase> {
  return {
    name: "configurations",
    count,
    atOnce: 1,
    draw: mutatedConfig,
    attempt: (one) => thread.attempt(one),
  };
}

/** Tries a kept case on everything that it concerns. */
export async function attemptKept(
  one: Case,
  urls: readonly string[],
  thread: ConfigThread,
): Promise<Complaint | undefined> {
  if (one.kind === "config") return await thread.attempt(one);
  const attempts = urls.map((url) =>
    one.kind === "raw" ? tryRaw(url)(one) : overSocket(url)(one)
  );
  if (one.kind === "body") attempts.push(inProcess()(one));
  return (await Promise.all(attempts)).find((each) => each !== undefined);
}
