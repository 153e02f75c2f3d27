/**
 * Rows about signals under load.
 *
 * @module
 */

import { ask, eventually, temporaryFolder } from "../support/process.ts";
import { Socket } from "../support/socket.ts";
import { pause } from "./gauge.ts";
import { streams } from "./readers.ts";
import { onServer, type Row } from "./row.ts";

const TOKENS = 80;

const terminate: Row = {
  id: "c19",
  fault: "SIGTERM with 200 open streams",
  measure: (program) =>
    onServer(program, async (server) => {
      const open = streams(server.url, 200, TOKENS, 20);
      await pause(1_000);
      const beganMs = performance.now();
      server.kill("SIGTERM");
      await eventually(() => refuses(server.url), "the port to be closed");
      const closedMs = performance.now() - beganMs;
      const { tokens, ends } = await open;
      const code = await server.exit();
      return [
        {
          what: "refuses newcomers after",
          value: closedMs,
          unit: "ms",
          most: 50,
        },
        { what: "streams truncated", value: 200 - ends, unit: "", most: 0 },
        {
          what: "tokens lost",
          value: 200 * TOKENS - tokens,
          unit: "",
          most: 0,
          least: 0,
        },
        { what: "exit code", value: code, unit: "", most: 0 },
      ];
    }),
};

async function refuses(url: string): Promise<true | undefined> {
  try {
    (await Socket.open(url)).close();
    return undefined;
  } catch {
    return true;
  }
}

const hangUps: Row = {
  id: "c20",
  fault: "100 × SIGHUP under load",
  measure: async (program) => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(
      `${folder.path}/responses.yml`,
      "responses:\n  hi: hello\n",
    );
    return await onServer(
      program,
      async (server) => {
        const counts = { asked: 0, hurt: 0, over: false };
        const load = async () => {
          for (; !counts.over; counts.asked++) {
            const text = await ask(server.url, "hi").catch(() => undefined);
            if (text !== "hello") counts.hurt++;
          }
        };
        const loads = Array.from({ length: 8 }, load);
        const open = streams(server.url, 20, 40, 20);
        for (let left = 100; left > 0; left--) {
          server.kill("SIGHUP");
          await pause(20);
        }
        counts.over = true;
        await Promise.all(loads);
        const { ends } = await open;
        return [
          { what: "requests", value: counts.asked, unit: "", least: 100 },
          { what: "requests hurt", value: counts.hurt, unit: "", most: 0 },
          { what: "streams hurt", value: 20 - ends, unit: "", most: 0 },
        ];
      },
      [],
      { cwd: folder.path },
    );
  },
};

/** The rows. */
export const SIGNALS: readonly Row[] = [terminate, hangUps];
