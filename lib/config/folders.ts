/**
 * The folders in which something must happen before a configuration can change.
 *
 * @module
 */

import { lstat, readlink } from "node:fs/promises";
import { dirname, join, parse, resolve, sep } from "node:path";
import { CONFIG_LINKS_MAX } from "../core/limits.ts";
import { entriesOf, inFolder } from "./file.ts";

/**
 * The folders to watch: each that was named; the one that holds a named file; and for each
 * symbolic link on the way, or in a named folder, the one that holds the link. Kubernetes, for
 * one, changes a file by replacing a link to its folder. Of what is missing, the nearest
 * folders there are.
 */
export async function foldersOf(
  sources: readonly string[],
): Promise<Set<string>> {
  const folders = new Set<string>();
  for (const source of sources) {
    const real = await walk(source, folders);
    if (real === undefined) continue;
    const entries = await entriesOf(real).catch(() => undefined);
    if (entries === undefined) continue;
    folders.add(real);
    for (const entry of entries) {
      if (!entry.isSymbolicLink()) continue;
      await walk(inFolder(real, entry.name), folders);
    }
  }
  return folders;
}

/** Goes to `path` link by link, notes the folders that matter, and gives the path without links. */
async function walk(
  path: string,
  folders: Set<string>,
): Promise<string | undefined> {
  const { root } = parse(resolve(path));
  let steps = stepsOf(resolve(path).slice(root.length));
  let at = root;
  for (let links = 0; steps.length > 0;) {
    const [step = "", ...rest] = steps;
    const next = step === ".." ? dirname(at) : join(at, step);
    const target = await linkTarget(next);
    if (target === undefined) {
      folders.add(at).add(dirname(at));
      return undefined;
    }
    if (target !== "" || rest.length === 0) folders.add(at);
    if (target === "") at = next;
    else if (++links > CONFIG_LINKS_MAX) return undefined;
    const absolute = target === "" ? "" : parse(target).root;
    if (absolute !== "") at = absolute;
    steps = [...stepsOf(target.slice(absolute.length)), ...rest];
  }
  return at;
}

/** Where a link points; empty for what is not a link, undefined for what is not there. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : "";
  } catch {
    return undefined;
  }
}

function stepsOf(path: string): string[] {
  return path.split(sep).flatMap((step) => step.split("/")).filter((step) =>
    step !== "" && step !== "."
  );
}
