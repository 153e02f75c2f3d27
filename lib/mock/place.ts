/**
 * Where in a test something was written: the first line of the stack that is not mockllm's own.
 *
 * @module
 */

/** Where mockllm is: one folder from source, one file in the bundle. */
const OWN = ownPart(import.meta.url);

/** `weather_test.ts:14`, for whoever called into mockllm; undefined where it cannot be told. */
export function callerPlace(): string | undefined {
  return placeIn(new Error().stack ?? "", OWN);
}

/** The first place in `stack` that is not in a file whose name begins with `own`. */
export function placeIn(stack: string, own: string): string | undefined {
  for (const line of stack.split("\n")) {
    const [, file, at] = /((?:file:\/\/|[A-Za-z]:[\\/]|\/)[^()]*?):(\d+):\d+/
      .exec(line) ?? [];
    if (file === undefined || asPath(file).startsWith(own)) continue;
    const [name = file] = file.split(/[\\/]/).slice(-1);
    return `${decoded(name.replace(/\?.*$/, ""))}:${at}`;
  }
  return undefined;
}

function ownPart(url: string): string {
  const path = asPath(url);
  return path.endsWith("/lib/mock/place.ts")
    ? path.slice(0, -"mock/place.ts".length)
    : path;
}

function asPath(file: string): string {
  return file.replace(/^file:\/\//, "").replaceAll("\\", "/");
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
