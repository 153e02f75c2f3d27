/**
 * The configuration on disk: the files that were named, and those in folders that were named;
 * their bytes, or what keeps them from being read.
 *
 * Knows bytes: what they mean is for whoever reads them, in a process of its own if need be.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  CONFIG_ALL_BYTES_MAX,
  CONFIG_BYTES_MAX,
  CONFIG_FILES_MAX,
} from "../core/limits.ts";
import type { Problem } from "../core/problem.ts";
import type { Finding } from "./findings.ts";
import { tooLarge } from "./parse.ts";

/** What a look found of one file. */
export type Seen =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly finding: Finding };

/** What a look found of all of them, in order. */
export type Sight = readonly Seen[];

/** Whether two looks found the same. */
export function sameSight(a: Sight, b: Sight): boolean {
  return a.length === b.length &&
    a.every((each, index) => {
      const other = b[index];
      return other !== undefined && sameSeen(each, other);
    });
}

/** Whether a file is one that is not there. */
export function isMissing(seen: Seen): boolean {
  return "finding" in seen && seen.finding.code === "no-file";
}

/**
 * Looks at `sources`: files, and folders whose files count in order of their names. Never
 * rejects: what goes wrong is a finding with a remedy. What is named twice counts once.
 */
export async function look(sources: readonly string[]): Promise<Sight> {
  const sight = new Map<string, Seen>();
  const budget = { bytes: CONFIG_ALL_BYTES_MAX };
  for (const source of sources) {
    for (const seen of await lookAt(source, budget)) {
      const path = resolve(seen.file);
      if (!sight.has(path)) sight.set(path, seen);
    }
  }
  return [...sight.values()];
}

/** A problem of the file as a whole. */
export function problemOf(
  file: string,
  { code, message, remedy = "" }: Finding,
): Problem {
  return {
    severity: "error",
    code,
    message,
    place: { file, line: 1, column: 1, path: "" },
    line: "",
    length: 0,
    remedy,
  };
}

/** Tells one state of `sources` from another without reading them; nothing when it cannot be told. */
export async function signature(
  sources: readonly string[],
): Promise<Signature | undefined> {
  try {
    const marks: string[] = [];
    let changedEpochMs = 0;
    for (const path of await pathsOf(sources)) {
      const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs, mtimeMs } = await stat(
        path,
        { bigint: true },
      );
      marks.push([path, dev, ino, size, mtimeNs, ctimeNs].join());
      const laterMs = Number(ctimeMs > mtimeMs ? ctimeMs : mtimeMs);
      changedEpochMs = Math.max(changedEpochMs, laterMs);
    }
    return { mark: marks.join("\n"), changedEpochMs };
  } catch {
    return undefined;
  }
}

/** A state of the files. */
export interface Signature {
  /** Differs from the mark of any other state, unless that one is as good as simultaneous. */
  readonly mark: string;
  /** When the youngest of them became so. */
  readonly changedEpochMs: number;
}

/** How much may still be read. */
interface Budget {
  bytes: number;
}

async function lookAt(source: string, budget: Budget): Promise<Sight> {
  try {
    const entries = await entriesOf(source);
    if (entries === undefined) return await lookAtFile(source, budget);
    if (entries.length > CONFIG_FILES_MAX) {
      return [{ file: source, finding: TOO_MANY_FILES }];
    }
    const sight: Seen[] = [];
    for (const { name } of entries) {
      sight.push(...await lookAtFile(inFolder(source, name), budget));
    }
    if (sight.length > 0) return sight;
    return [{ file: source, finding: EMPTY_FOLDER }];
  } catch (error) {
    return [{ file: source, finding: whyNot(source, error) }];
  }
}

/** What is in one file; nothing for a folder. */
async function lookAtFile(file: string, budget: Budget): Promise<Sight> {
  try {
    const facts = await stat(file);
    if (facts.isDirectory()) return [];
    if (!facts.isFile()) return [{ file, finding: NOT_A_FILE }];
    if (facts.size > CONFIG_BYTES_MAX) return [{ file, finding: tooLarge() }];
    budget.bytes -= facts.size;
    if (budget.bytes < 0) return [{ file, finding: TOO_LARGE_TOGETHER }];
    return [{ file, bytes: await readFile(file) }];
  } catch (error) {
    return [{ file, finding: whyNot(file, error) }];
  }
}

/** The paths of all that counts now. */
async function pathsOf(sources: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const source of sources) {
    const entries = await entriesOf(source) ?? [];
    paths.push(source, ...entries.map(({ name }) => inFolder(source, name)));
  }
  return paths;
}

/** The files that may count in a folder, in order of names; undefined for what is no folder. */
export async function entriesOf(path: string): Promise<Dirent[] | undefined> {
  if (!(await stat(path)).isDirectory()) return undefined;
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory() && counts(entry.name))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Not what is hidden, such as the locks of editors; nor a schema, which is there for editors too. */
function counts(name: string): boolean {
  return /^[^.].*\.(ya?ml|json)$/.test(name) && !name.endsWith(".schema.json");
}

/** The path of what is called `name` in `folder`, as the user named that. */
export function inFolder(folder: string, name: string): string {
  return /[/\\]$/.test(folder) ? folder + name : `${folder}/${name}`;
}

function sameSeen(a: Seen, b: Seen): boolean {
  if (a.file !== b.file) return false;
  if ("bytes" in a) {
    return "bytes" in b && Buffer.compare(a.bytes, b.bytes) === 0;
  }
  return "finding" in b && a.finding.message === b.finding.message;
}

/** What keeps `file` from being read. */
function whyNot(file: string, error: unknown): Finding {
  const code = codeOf(error);
  // ENOTDIR: a folder on the way was replaced by a file.
  const missing = code === "ENOENT" || code === "ENOTDIR";
  return missing ? missingFile(file) : notAllowed(code);
}

function missingFile(file: string): Finding {
  return {
    code: "no-file",
    message: "There is no such file",
    remedy: `Create it, or name another one. Looked in ${
      dirname(resolve(file))
    }`,
  };
}

const NOT_A_FILE: Finding = {
  code: "not-a-file",
  message: "This is no regular file",
  remedy: "Write its content into a file, and name that",
};

const EMPTY_FOLDER: Finding = {
  code: "empty-folder",
  message: "The folder holds no .yml, .yaml or .json file",
  remedy:
    "Write one into it, or name another folder. Folders in it do not count",
};

const TOO_MANY_FILES: Finding = {
  code: "too-many-files",
  message: `The folder holds more than ${CONFIG_FILES_MAX} files`,
  remedy: "Name a folder that holds nothing but configurations, or join some",
};

const TOO_LARGE_TOGETHER: Finding = {
  code: "too-large",
  message: `With it, the files are larger than ${
    CONFIG_ALL_BYTES_MAX / 1024 / 1024
  } MiB together`,
  remedy: "Shorten the answers, or spread them over several servers",
};

function notAllowed(code: string): Finding {
  const denied = code === "EACCES" || code === "EPERM";
  return {
    code: "unreadable",
    message: denied
      ? "The file may not be read"
      : `The file cannot be read: ${code}`,
    remedy: denied
      ? "Give this user leave to read it, and to enter the folders on the way"
      : "Look whether its disk is in order",
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error
    ? String(error.code)
    : String(error);
}
