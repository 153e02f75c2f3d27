/**
 * `mockllm validate FILE`: is it good, and what does it hold?
 *
 * @module
 */

import { readConfig } from "../config/compile.ts";
import { look, missingFile } from "../config/file.ts";
import type { Config } from "../match/rule.ts";
import type { Problem } from "../core/problem.ts";
import type { Given } from "./args.ts";
import type { Io } from "./io.ts";
import { problemsJson, renderProblems } from "./render.ts";

/** Checks the file named by the operand; 0 when it can be used, 1 when not. */
export async function validate(
  { operand: file, values }: Given,
  io: Io,
): Promise<number> {
  const { config, problems, more } = await judge(file);
  if (values.json === true) {
    const report = {
      file,
      valid: config !== undefined,
      responses: config?.exact.size ?? 0,
      ...problemsJson(problems, more),
    };
    io.out.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    io.out.write(renderProblems(problems, more, { color: io.out.color }));
    if (config !== undefined) {
      io.out.write(
        `${problems.length === 0 ? "" : "\n"}${file}: good, ${count(config)}\n`,
      );
    }
  }
  return config === undefined ? 1 : 0;
}

interface Judged {
  readonly config: Config | undefined;
  readonly problems: readonly Problem[];
  readonly more: number;
}

async function judge(file: string): Promise<Judged> {
  const sight = await look(file);
  if (sight.type === "text") return await readConfig(sight.text, file);
  const problem = sight.type === "missing" ? missingFile(file) : sight.problem;
  return { config: undefined, problems: [problem], more: 0 };
}

/** `7 responses`. */
export function count({ exact }: Config): string {
  return exact.size === 1 ? "1 response" : `${exact.size} responses`;
}
