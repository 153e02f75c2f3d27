/**
 * `deno task fuzz [SEED] [--count N] [--endpoint PATH] [--keep]`: N mutated bodies in all, a
 * twentieth of them over sockets to both programs, a twentieth of N raw streams at each, and
 * as many configurations. Exits with 1 when anything failed; `--keep` files it in `cases/`.
 *
 * @module
 */

import { drawSeed } from "../../lib/core/random.ts";
import { type Child, launchServer, PROGRAMS } from "../support/process.ts";
import type { EndpointPath } from "./bodies.ts";
import { type Campaign, type Outcome, run } from "./campaign.ts";
import {
  bodies,
  bodiesOverSocket,
  configs,
  PATHS,
  rawBytes,
} from "./campaigns.ts";
import { type Case, caseText } from "./case.ts";
import { ConfigThread } from "./config_worker.ts";
import { healthMs } from "./raw.ts";

const COUNT_DEFAULT = 200_000;
const HEALTH_MS_MAX = 100;

/** What was asked on the command line. */
interface Options {
  readonly seed: number;
  readonly count: number;
  readonly paths: readonly EndpointPath[];
  readonly keep: boolean;
}

if (import.meta.main) {
  const options = readOptions(Deno.args);
  console.log(`seed ${options.seed}`);
  const failures = await fuzz(options);
  console.log(failures === 0 ? "nothing found" : `${failures} found`);
  Deno.exit(failures === 0 ? 0 : 1);
}

async function fuzz(options: Options): Promise<number> {
  const { count, paths } = options;
  const share = Math.ceil(count / 20);
  let failures = 0;
  const go = async <C extends Case>(campaign: Campaign<C>) => {
    failures += report(await run(campaign, options.seed), options.keep);
  };
  for (const path of paths) {
    await go(bodies(path, Math.ceil(count / paths.length)));
  }
  using thread = new ConfigThread();
  await go(configs(share, thread));
  for (const program of PROGRAMS) {
    await using child = await launchServer(program, ["--quiet"]);
    const server = { name: program.name, url: child.url };
    for (const path of paths) {
      await go(bodiesOverSocket(path, Math.ceil(share / paths.length), server));
    }
    await go(rawBytes(share, server));
    failures += await aftermath(child);
  }
  return failures;
}

function report(
  { name, tried, found, tookMs }: Outcome,
  keep: boolean,
): number {
  console.log(
    `${name}: ${tried} tried in ${
      (tookMs / 1_000).toFixed(1)
    } s, ${found.length} found`,
  );
  for (const { case: one, complaint } of found) {
    const text = caseText(one, complaint.message.split("\n", 1)[0]);
    console.log(`\n${complaint.kind}: ${complaint.message}\n${text}\n`);
    if (keep) file(`${one.kind} ${complaint.kind} ${Date.now()}`, text);
  }
  return found.length;
}

function file(name: string, text: string): void {
  const path = new URL(
    `cases/${name.toLowerCase().replace(/[^a-z0-9]+/g, "_")}.json`,
    import.meta.url,
  );
  Deno.writeTextFileSync(path, `${text}\n`);
  console.log(`kept as ${path.pathname}`);
}

/** Whether the server is as well as before. */
async function aftermath({ url, err }: Child): Promise<number> {
  const tookMs = await healthMs(url, 3).catch(() => Infinity);
  const words = err.text.split("\n").filter((line) =>
    /defect|error/i.test(line)
  );
  console.log(
    `afterwards: /health in ${tookMs.toFixed(1)} ms${
      words.length > 0 ? `; it said:\n${words.join("\n")}` : ""
    }`,
  );
  return Number(tookMs > HEALTH_MS_MAX) + words.length;
}

function readOptions(args: readonly string[]): Options {
  const after = (flag: string) =>
    args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
  const endpoint = after("--endpoint");
  const paths = PATHS.filter((path) =>
    endpoint === undefined || path === endpoint
  );
  if (paths.length === 0) {
    throw new Error(`No such endpoint. There are: ${PATHS.join(", ")}`);
  }
  const seed = /^\d+$/.test(args[0] ?? "") ? Number(args[0]) : drawSeed();
  return {
    seed,
    count: Number(after("--count") ?? COUNT_DEFAULT),
    paths,
    keep: args.includes("--keep"),
  };
}
