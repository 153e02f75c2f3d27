/**
 * What is measured, and what it must reach: one entry a row of the report.
 *
 * @module
 */

import { bodyOf, type Client } from "./client.ts";
import type { ConfigName } from "./configs.ts";
import type { StreamsJob } from "./load.ts";
import {
  type Figures,
  type Measured,
  median,
  ratiosOf,
  valuesOf,
} from "./rounds.ts";
import type { Server } from "./servers.ts";

/** One row. */
export interface Row {
  /** What `--only` calls it. */
  readonly name: string;
  /** Its heading. */
  readonly title: string;
  /** What must be reached. */
  readonly limits: Limits;
  /** What the servers are given. */
  readonly config: ConfigName;
  /** The same server once more, started with other flags. */
  readonly variant?: Variant;
  /** Measures one server once. */
  measure(client: Client, server: Server): Promise<Figures>;
}

/** mockllm, started in another way. */
export interface Variant {
  /** What the table calls it, after its runtime: `product without journal`. */
  readonly name: string;
  /** Its flags besides the usual ones. */
  readonly flags: readonly string[];
}

/** Largest values allowed, of medians. */
export interface Limits {
  /** Processor time, as a multiple of the floor's. */
  readonly ratio: number;
  /** How far durations may be off, in percent. */
  readonly durationError?: number;
  /** Lateness of 99 in 100 events, in milliseconds, by runtime. */
  readonly lateP99?: Readonly<Record<Runtime, number>>;
}

/** Where servers run. */
export type Runtime = "deno" | "bun";

/** Figures that only paced rows have, as the table heads them. */
export const PACING = {
  missing: "streams missing",
  durationError: "duration error, %",
  lateP50: "late p50, ms",
  lateP99: "late p99, ms",
  firstP50: "first token p50, ms",
} as const;

const CHUNKS = 100;

/** The rows of a full run. */
export const ROWS: readonly [Row, ...Row[]] = [
  {
    name: "regular",
    title: "Regular request: µs CPU per request",
    limits: { ratio: 2 },
    config: "plain",
    measure: regular,
  },
  {
    name: "journal",
    title: "Regular request with and without the journal: µs CPU per request",
    limits: { ratio: 2 },
    config: "plain",
    variant: { name: "product without journal", flags: ["--no-admin"] },
    measure: regular,
  },
  {
    name: "rules",
    title: "Regular request, 200 mixed rules: µs CPU per request",
    limits: { ratio: 2.5 },
    config: "rules",
    measure: regular,
  },
  {
    name: "exact",
    title: "Regular request, 10,000 exact responses: µs CPU per request",
    limits: { ratio: 2.1 },
    config: "exact",
    measure: regular,
  },
  {
    name: "unpaced",
    title: `Unpaced stream of ${CHUNKS} chunks: µs CPU per chunk`,
    limits: { ratio: 2.5 },
    config: "plain",
    measure: (client, server) => requests(client, server, { stream: true }),
  },
  paced("paced", { streams: 500, rate: 20, tokens: 60, rampMs: 1_000 }, 0.1),
  paced("fast", { streams: 20, rate: 1_000, tokens: 2_000, rampMs: 100 }, 0.2),
];

/** The row of a smoke run. */
export const SMOKE = paced("smoke", {
  streams: 100,
  rate: 50,
  tokens: 100,
  rampMs: 500,
}, 1);

/** Limits that `runtime`'s product misses, in words. */
export function missed(
  { name, limits }: Row,
  runtime: Runtime,
  measured: Measured,
): string[] {
  const [product, floor] = [`${runtime} product`, `${runtime} floor`] as const;
  const middle = (figure: string) =>
    Math.abs(median(valuesOf(measured, product, figure)));
  const found: string[] = [];
  const expect = (what: string, value: number, max: number | undefined) => {
    if (max === undefined || value <= max) return;
    found.push(
      `${product}, ${name}: ${what} ${
        value.toFixed(2)
      }, must be at most ${max}`,
    );
  };
  if (measured.has(floor)) {
    expect(
      "CPU × floor",
      median(ratiosOf(measured, [product, floor], "cpuUs")),
      limits.ratio,
    );
    expect("late p99, ms", middle("lateP99"), limits.lateP99?.[runtime]);
  }
  expect("duration error, %", middle("durationError"), limits.durationError);
  expect("streams missing", middle("missing"), limits.durationError && 0);
  return found;
}

type Shape = Omit<StreamsJob, "type" | "port">;

function paced(name: string, shape: Shape, durationError: number): Row {
  return {
    name,
    title:
      `Paced, ${shape.streams} streams × ${shape.rate}/s: µs CPU per event`,
    config: "plain",
    limits: { ratio: 1.5, durationError, lateP99: { deno: 10, bun: 5 } },
    measure: (client, server) => streams(client, server, shape),
  };
}

function regular(client: Client, server: Server): Promise<Figures> {
  return requests(client, server, { stream: false });
}

async function requests(
  client: Client,
  server: Server,
  { stream }: { readonly stream: boolean },
): Promise<Figures> {
  const body = stream
    ? bodyOf("a hundred tokens", { stream })
    : bodyOf("what colour is the sky?");
  const job = {
    type: "requests",
    port: server.port,
    connections: 16,
    ms: 1_500,
    body,
  } as const;
  const beforeMs = await server.cpuMs();
  const result = await client.run(job);
  const usedMs = await server.cpuMs() - beforeMs;
  if (stream && result.events < result.requests * CHUNKS) {
    throw new Error(`Cannot compare: chunks of "${server.name}" are missing`);
  }
  return { cpuUs: usedMs * 1_000 / result.requests / (stream ? CHUNKS : 1) };
}

async function streams(
  client: Client,
  server: Server,
  shape: Shape,
): Promise<Figures> {
  const beforeMs = await server.cpuMs();
  const result = await client.run({
    type: "streams",
    port: server.port,
    ...shape,
  });
  const usedMs = await server.cpuMs() - beforeMs;
  return {
    cpuUs: usedMs * 1_000 / result.events,
    missing: shape.streams - result.complete,
    durationError: result.durationError * 100,
    lateP50: result.lateP50Ms,
    lateP99: result.lateP99Ms,
    firstP50: result.firstP50Ms,
  };
}
