/**
 * Files named on the command line → the configuration they make, or what is wrong with them.
 *
 * @module
 */

import {
  readConfigs,
  type SourceFile,
  type Verdict,
} from "../config/compile.ts";
import { look, missingFile } from "../config/file.ts";

/** Reads `names` once, as one configuration. */
export async function judge(names: readonly string[]): Promise<Verdict> {
  return await readConfigs(await Promise.all(names.map(sourceOf)));
}

async function sourceOf(file: string): Promise<SourceFile> {
  const sight = await look(file);
  if (sight.type === "text") return { file, text: sight.text };
  const { code, message, remedy } = sight.type === "missing"
    ? missingFile(file)
    : sight.problem;
  return { file, finding: { code, message, ...(remedy && { remedy }) } };
}
