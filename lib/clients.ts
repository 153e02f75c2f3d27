/**
 * What programs read from their environment to find the API of each dialect.
 *
 * @module
 */

import { MOCK_KEY } from "./dialects/dialect.ts";
import { dialects } from "./dialects/registry.ts";

/** Variables by name; undefined for those that must not be set. */
export type ClientEnvironment = Readonly<Record<string, string | undefined>>;

/** The variables that send the clients of every dialect to the server at `url`, with `key`. */
export function clientEnvironment(
  url: string,
  key: string = MOCK_KEY,
): ClientEnvironment {
  return Object.fromEntries(
    dialects.flatMap(({ clients = [] }) =>
      clients.map(({ name, value }) => [name, value(url, key)])
    ),
  );
}

/** The addresses among them, one for each dialect, as a shell takes them. */
export function clientExports(url: string): string {
  return dialects.flatMap(({ clients = [] }) => clients.slice(0, 1))
    .map(({ name, value }) => `${name}=${value(url, MOCK_KEY) ?? ""}`).join(
      " ",
    );
}
