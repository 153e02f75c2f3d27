import assert from "node:assert/strict";
import {
  eventually,
  launchServer,
  type Program,
  testEach,
} from "../support/process.ts";

/** The same program with few file descriptors. */
function starved({ name, argv }: Program): Program {
  return {
    name,
    argv: [
      "bash",
      "-c",
      'ulimit -S -n 80; ulimit -H -n 80; exec "$@"',
      "-",
      ...argv,
    ],
  };
}

/** Connections that say nothing; fewer when the server refuses. */
async function crowd(port: number, count: number): Promise<Deno.Conn[]> {
  const connections: Deno.Conn[] = [];
  while (connections.length < count) {
    try {
      connections.push(await Deno.connect({ hostname: "127.0.0.1", port }));
    } catch {
      return connections;
    }
  }
  return connections;
}

async function health(url: string): Promise<true | undefined> {
  try {
    const response = await fetch(`${url}/health`);
    await response.body?.cancel();
    return response.ok || undefined;
  } catch {
    return undefined;
  }
}

if (Deno.build.os === "linux") {
  // Deno.serve ends for good when accept() fails: the runtime seam listens again.
  testEach("running out of file descriptors is survived", async (program) => {
    await using server = await launchServer(starved(program));
    await server.err.until(
      /Only 80 connections at a time: raise the limit with ulimit -n/,
    );
    const connections = await crowd(Number(new URL(server.url).port), 120);
    assert.ok(connections.length > 20);
    for (const connection of connections) connection.close();
    await eventually(() => health(server.url), "an answer", 3_000);
  });
}
