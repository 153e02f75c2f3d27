/**
 * Rows about the journal: that it stays within its bounds, what it costs, and that it knows
 * when clients left.
 *
 * @module
 */

import { JOURNAL_ENTRIES_MAX } from "../../lib/core/limits.ts";
import { type Child, launchServer, type Program } from "../support/process.ts";
import { cpuSeconds, pause, rssMb } from "./gauge.ts";
import { each, type Figure, onServer, type Row } from "./row.ts";

const PATH = "/v1/chat/completions";
const REQUESTS = 100_000;
const ROUND = 10_000;
const CONNECTIONS = 16;

/** Asks with a prompt of 1 KB. */
async function askLong(url: string, at: number): Promise<void> {
  const content = `${at} `.padEnd(1_024, "lorem ipsum ");
  const body = JSON.stringify({
    model: "m",
    messages: [{ role: "user", content }],
  });
  const response = await fetch(url + PATH, { method: "POST", body });
  await response.text();
}

async function askMany(url: string, count: number): Promise<void> {
  await each(count, CONNECTIONS, (at) => askLong(url, at));
}

/** What is said at `path` of `/_mock`. */
// deno-lint-ignore no-explicit-any
async function told({ url }: Child, path: string): Promise<any> {
  return await (await fetch(`${url}/_mock${path}`)).json();
}

const growth: Row = {
  id: "c27",
  fault: `${REQUESTS} requests of 1 KB`,
  measure: (program) =>
    onServer(program, async (server) => {
      await askMany(server.url, ROUND); // the journal is full long before
      const before = rssMb(server.pid);
      let most = before;
      for (let asked = ROUND; asked < REQUESTS; asked += ROUND) {
        await askMany(server.url, ROUND);
        most = Math.max(most, rssMb(server.pid));
      }
      const { requests } = await told(server, "/requests?limit=1000");
      return [
        {
          what: "memory beyond that of a full journal",
          value: most - before,
          unit: "MB",
          most: 80,
        },
        {
          what: "requests held",
          value: requests.length,
          unit: "",
          most: JOURNAL_ENTRIES_MAX,
          least: JOURNAL_ENTRIES_MAX,
        },
      ];
    }),
};

/** CPU time for a request, in microseconds, in one round. */
async function cpuOf({ url, pid }: Child): Promise<number> {
  const before = cpuSeconds(pid);
  await askMany(url, ROUND);
  return (cpuSeconds(pid) - before) / ROUND * 1e6;
}

async function costs(program: Program): Promise<Figure[]> {
  await using on = await launchServer(program, ["--quiet"]);
  await using off = await launchServer(program, ["--quiet", "--no-admin"]);
  const ratios: number[] = [];
  for (let round = 0; round < 7; round++) {
    const [first, second] = round % 2 === 0 ? [on, off] : [off, on];
    const figures = new Map([
      [first, await cpuOf(first)],
      [second, await cpuOf(second)],
    ]);
    if (round > 0) {
      ratios.push((figures.get(on) ?? 0) / (figures.get(off) ?? 1));
    }
  }
  ratios.sort((a, b) => a - b);
  const median = ((ratios[2] ?? 0) + (ratios[3] ?? 0)) / 2;
  return [{
    what: "CPU of a request, with ÷ without journal, in %",
    value: 100 * median,
    unit: "%",
    most: 115,
  }];
}

const cost: Row = {
  id: "c27b",
  fault: "what the journal costs each request of 1 KB",
  measure: costs,
};

/** Reads a stream until `count` deltas came, and leaves. */
async function leaveAfter(
  url: string,
  session: string,
  count: number,
): Promise<void> {
  const headers = { "x-mock-session": session, "x-tokens-per-second": "50" };
  const response = await fetch(url + PATH, { method: "POST", headers });
  const reader = response.body?.getReader();
  let deltas = 0;
  for (let chunk = await reader?.read(); chunk?.value && deltas < count;) {
    const text = new TextDecoder().decode(chunk.value);
    deltas += text.split('"content":"').length - 1 -
      (text.includes('"role"') ? 1 : 0);
    if (deltas < count) chunk = await reader?.read();
  }
  await reader?.cancel();
}

const leaving: Row = {
  id: "c4c",
  fault: "200 streams left after 1 to 10 deltas",
  measure: (program) =>
    onServer(program, async (server) => {
      const wanted = (at: number) => 1 + at % 10;
      await each(200, 20, (at) => leaveAfter(server.url, `s${at}`, wanted(at)));
      await pause(500);
      const { requests } = await told(server, "/requests?ended=client_left");
      const more = await told(
        server,
        `/requests?ended=client_left&since=${requests.at(-1)?.id}`,
      );
      const all = [...requests, ...more.requests];
      const off = all.filter(({ session, deltas }) =>
        Math.abs(deltas - wanted(Number(session.slice(1)))) > 1
      );
      return [
        {
          what: "journal says that they left",
          value: all.length,
          unit: "",
          most: 200,
          least: 200,
        },
        {
          what: "journal is off by more than one delta",
          value: off.length,
          unit: "",
          most: 0,
        },
      ];
    }),
};

/** All of them. */
export const JOURNAL: readonly Row[] = [leaving, growth, cost];
