/**
 * What must be looked at once everything was read: its means are loaded only where a file needs
 * them, and the loading has to be waited for.
 *
 * @module
 */

import { checkTemplate } from "../match/template.ts";
import { type Path, pathOf } from "./complain.ts";
import type { Findings } from "./findings.ts";
import { holeIn, spanInside } from "./inside.ts";
import { suggest } from "./near.ts";
import type { Scalar } from "./value.ts";

/** A value, where it stands, and what is wrong with its file. */
export interface Spot {
  /** The value. */
  readonly value: Scalar;
  /** The way to it. */
  readonly path: Path;
  /** What is wrong with its file so far. */
  readonly findings: Findings;
}

/** Checks that wait. */
export class Later {
  #checks: (() => Promise<void>)[] = [];

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#checks.length === 0;
  }

  /** Lets a check wait. */
  add(check: () => Promise<void>): void {
    this.#checks.push(check);
  }

  /** Performs what waits, one after the other. */
  async settle(): Promise<void> {
    for (const check of this.#checks.splice(0)) await check();
  }
}

/** Checks a template, which may also use `captures`; undefined when it is unsure what the patterns capture. */
export async function lookAtTemplate(
  { value, path, findings }: Spot,
  captures: readonly string[] | undefined,
): Promise<void> {
  const fault = await checkTemplate(value.text, captures);
  if (fault === undefined) return;
  if (fault.code === "unknown-name" && captures === undefined) return;
  const { code, message, remedy, near, line, column } = fault;
  const rest = spanInside(value, line, column, findings.text);
  findings.error({
    code,
    message,
    at: holeIn(rest, findings.text),
    path: pathOf(path),
    remedy: near === undefined ? remedy : suggest(near.name, near.known),
  });
}
