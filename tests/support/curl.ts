/**
 * Command lines of curl as requests: what the examples of the docs use of it.
 *
 * @module
 */

/** What a command line asks for. */
export interface Curl {
  readonly request: Request;
  /** Whether the answer is read as it comes (`-N`). */
  readonly streams: boolean;
}

/** Reads `curl …`; throws for options it does not know. */
export function readCurl(command: string): Curl {
  const [program, ...words] = shellWords(command);
  if (program !== "curl") throw new TypeError(`Not curl: ${command}`);
  const headers = new Headers();
  let method: string | undefined;
  let body: string | undefined;
  let url = "";
  let streams = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const value = () => words[++at] ?? "";
    if (word === "-N") streams = true;
    else if (word === "-X") method = value();
    else if (word === "-H") {
      const [name = "", ...rest] = value().split(": ");
      headers.set(name, rest.join(": "));
    } else if (word === "--data-binary") body = value();
    else if (word === "--json") {
      body = value();
      headers.set("content-type", "application/json");
      headers.set("accept", "application/json");
    } else if (word.startsWith("-")) throw new TypeError(`Unknown: ${word}`);
    else url = `http://${word}`;
  }
  const init = {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers,
    ...(body !== undefined && { body }),
  };
  return { request: new Request(url, init), streams };
}

/** The words of a command line: quotes and line continuations, nothing else. */
function shellWords(line: string): string[] {
  const words = line.replaceAll("\\\n", " ").matchAll(
    /(?:'[^']*'|"[^"]*"|[^\s'"])+/g,
  );
  return [...words].map(([word]) =>
    word.replace(
      /'([^']*)'|"([^"]*)"/g,
      (_, single?: string, double?: string) => single ?? double ?? "",
    )
  );
}
