/**
 * The standing benchmark: mockllm against the least a server can do, on both runtimes.
 *
 * `deno task bench` runs all rows. `--only ROW` and `--rounds N` look closer, `--smoke` is short
 * and fails when it misses; CI runs that one. `bench/README.md` says how to read the tables.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { bodyOf, readTemplate, startClient, teach } from "./client.ts";
import { Configs } from "./configs.ts";
import {
  interleave,
  type Measured,
  median,
  ratiosOf,
  spread,
  table,
  valuesOf,
} from "./rounds.ts";
import { missed, PACING, type Row, ROWS, type Runtime, SMOKE } from "./rows.ts";
import { type Server, startServer } from "./servers.ts";

/** One server to be: `deno product`. */
interface Subject {
  readonly name: string;
  readonly runtime: Runtime;
  /** `{port}` stands for the port, `{config}` for the configuration. */
  readonly command: readonly string[];
}

const HERE = new URL(".", import.meta.url).pathname;
const EXECUTABLE = process.env.MOCKLLM_EXECUTABLE ?? `${HERE}../dist/mockllm`;
const START = [
  "start",
  "--quiet",
  "--port",
  "{port}",
  "--responses",
  "{config}",
];

const SUBJECTS: readonly Subject[] = [
  {
    name: "deno floor",
    runtime: "deno",
    command: ["deno", "run", "-A", `${HERE}floor.ts`, "{port}"],
  },
  {
    name: "deno product",
    runtime: "deno",
    command: ["deno", "run", "-A", `${HERE}../main.ts`, ...START],
  },
  {
    name: "bun floor",
    runtime: "bun",
    command: ["bun", `${HERE}floor.ts`, "{port}"],
  },
  { name: "bun product", runtime: "bun", command: [EXECUTABLE, ...START] },
];

const { smoke, rounds, only, runtime } = parseArgs({
  options: {
    smoke: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    only: { type: "string", multiple: true },
    runtime: { type: "string", multiple: true },
  },
}).values;

const subjects = SUBJECTS.filter((subject) =>
  runtime?.includes(subject.runtime) ?? true
);
const servers: Server[] = [];
const configs = new Configs();
const client = startClient();
const failures: string[] = [];
try {
  if (smoke) await smokeRun();
  else await fullRun();
} finally {
  client.stop();
  stopServers();
  await configs.remove();
}
for (const failure of failures) console.log(`\nMISSED ${failure}`);
process.exit(smoke && failures.length > 0 ? 1 : 0);

async function smokeRun(): Promise<void> {
  for (
    const { name, command } of subjects.filter(({ name }) =>
      name.endsWith("product")
    )
  ) {
    const server = await start(SMOKE, name, command);
    tellPacing(SMOKE, new Map([[name, [await SMOKE.measure(client, server)]]]));
  }
}

async function fullRun(): Promise<void> {
  const rows = ROWS.filter(({ name }) => only?.includes(name) ?? true);
  if (only?.includes("start") ?? true) await tellStart();
  for (const [i, row] of rows.entries()) {
    if (i === 0 || !isAlike(row, rows[i - 1])) await startServers(row);
    await warmUp();
    const measure = (server: Server) => row.measure(client, server);
    tell(row, await interleave(servers, Number(rounds), measure));
  }
}

/** Whether the servers of one row serve another as well. */
function isAlike(row: Row, other: Row | undefined): boolean {
  return row.config === other?.config && row.variant === other.variant;
}

async function startServers(row: Row): Promise<void> {
  stopServers();
  for (const { name, command } of subjects) {
    await start(row, name, command);
    if (row.variant === undefined || !name.endsWith("product")) continue;
    const other = name.replace("product", row.variant.name);
    await start(row, other, [...command, ...row.variant.flags]);
  }
  await teachFloors();
}

async function start(
  { config }: Row,
  name: string,
  command: readonly string[],
): Promise<Server> {
  const path = await configs.path(config);
  const words = command.map((word) => word.replace("{config}", path));
  const server = await startServer(name, words);
  servers.push(server);
  return server;
}

function stopServers(): void {
  for (const server of servers.splice(0)) server.stop();
}

/** Each floor says what the product of its runtime says. */
async function teachFloors(): Promise<void> {
  for (const floor of servers.filter(({ name }) => name.endsWith("floor"))) {
    const product = servers.find(({ name }) => name === productOf(floor.name));
    if (product) await teach(floor.port, await readTemplate(product.port));
  }
}

async function warmUp(): Promise<void> {
  for (const { port } of servers) {
    for (const stream of [false, true]) {
      const body = bodyOf("a hundred tokens", { stream });
      await client.run({
        type: "requests",
        port,
        connections: 16,
        ms: 500,
        body,
      });
    }
  }
}

// The report ───────────────────────────────────────────────────────────────────

async function tellStart(): Promise<void> {
  const measured = await interleave(
    subjects,
    Number(rounds),
    async ({ name, command }) => {
      const [plain] = ROWS;
      const server = await start(plain, name, command);
      await sleep(500);
      const memoryMiB = await server.memoryMiB();
      stopServers();
      return { startMs: server.startMs, memoryMiB };
    },
  );
  const lines = [...measured.keys()].map((name) => [
    name,
    spread(valuesOf(measured, name, "startMs"), 0),
    spread(valuesOf(measured, name, "memoryMiB"), 1),
  ]);
  const head = ["server", "start to first 200, ms", "idle memory, MiB"];
  const { size } = await stat(EXECUTABLE);
  console.log(`### Start\n\n${table([head, ...lines])}`);
  console.log(`\nThe executable has ${(size / 1e6).toFixed(1)} MB.`);
}

function tell(row: Row, measured: Measured): void {
  const lines = [...measured.keys()].map((name) => [
    name,
    spread(valuesOf(measured, name, "cpuUs"), 2),
    name.endsWith("floor")
      ? ""
      : spread(ratiosOf(measured, [name, floorOf(name)], "cpuUs"), 2),
  ]);
  const head = ["server", "min / median / max", "× floor: min / median / max"];
  console.log(`\n### ${row.title}\n\n${table([head, ...lines])}`);
  if (row.limits.durationError === undefined) judge(row, measured);
  else tellPacing(row, measured);
}

function tellPacing(row: Row, measured: Measured): void {
  const lines = [...measured.keys()].map((name) => [
    name,
    ...Object.keys(PACING).map((figure) =>
      median(valuesOf(measured, name, figure)).toFixed(3)
    ),
  ]);
  console.log(`\n${table([["server", ...Object.values(PACING)], ...lines])}`);
  judge(row, measured);
}

function judge(row: Row, measured: Measured): void {
  for (const { name, runtime } of subjects) {
    if (name.endsWith("product") && measured.has(name)) {
      failures.push(...missed(row, runtime, measured));
    }
  }
}

function productOf(floor: string): string {
  return floor.replace("floor", "product");
}

function floorOf(product: string): string {
  return product.replace(/product.*/, "floor");
}
