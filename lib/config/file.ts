/**
 * The configuration file on disk: its text or what keeps it from being read, and the folders
 * in which something must happen before it can change.
 *
 * @module
 */

import { lstat, readFile, readlink, stat } from "node:fs/promises";
import { dirname, join, parse, resolve, sep } from "node:path";
import { CONFIG_BYTES_MAX, CONFIG_LINKS_MAX } from "../core/limits.ts";
import type { Problem } from "../core/problem.ts";
import type { Finding } from "./findings.ts";
import { tooLarge } from "./parse.ts";

/** What a look at the file found. */
export type Sight =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "unreadable"; readonly problem: Problem }
  | { readonly type: "missing" };

/** Whether two looks found the same. */
export function sameSight(a: Sight, b: Sight): boolean {
  if (a.type === "text") return b.type === "text" && a.text === b.text;
  if (a.type === "missing") return b.type === "missing";
  return b.type === "unreadable" && a.problem.message === b.problem.message;
}

/** Looks at the file. Never rejects: what goes wrong is a problem with a remedy. */
export async function look(file: string): Promise<Sight> {
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return unreadable(file, notAFile(facts.isDirectory()));
    if (facts.size > CONFIG_BYTES_MAX) return unreadable(file, tooLarge());
    return decode(file, await readFile(file));
  } catch (error) {
    const code = codeOf(error);
    // ENOTDIR: a folder on the way was replaced by a file.
    return code === "ENOENT" || code === "ENOTDIR"
      ? { type: "missing" }
      : unreadable(file, notAllowed(code));
  }
}

/** The problem of a file that is not there. */
export function missingFile(file: string): Problem {
  return problemOf(file, {
    code: "no-file",
    message: "There is no such file",
    remedy: `Create it, or name another one. Looked in ${
      dirname(resolve(file))
    }`,
  });
}

/** Tells one state of the file from another without reading it; nothing when it cannot be told. */
export async function signature(file: string): Promise<Signature | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs, mtimeMs } = await stat(
      file,
      { bigint: true },
    );
    const changedEpochMs = Number(ctimeMs > mtimeMs ? ctimeMs : mtimeMs);
    return { mark: [dev, ino, size, mtimeNs, ctimeNs].join(), changedEpochMs };
  } catch {
    return undefined;
  }
}

/** A state of the file. */
export interface Signature {
  /** Differs from the mark of any other state, unless that one is as good as simultaneous. */
  readonly mark: string;
  /** When the file became so. */
  readonly changedEpochMs: number;
}

/**
 * The folders to watch: the one that holds the file, and for each symbolic link on the way to
 * it the one that holds the link. Kubernetes, for one, changes a file by replacing a link to
 * its folder. Of a missing file, the nearest folders there are.
 */
export async function foldersOf(file: string): Promise<Set<string>> {
  const folders = new Set<string>();
  const { root } = parse(resolve(file));
  let steps = stepsOf(resolve(file).slice(root.length));
  let at = root;
  for (let links = 0; steps.length > 0;) {
    const [step = "", ...rest] = steps;
    const next = step === ".." ? dirname(at) : join(at, step);
    const target = await linkTarget(next);
    if (target === undefined) return folders.add(at).add(dirname(at));
    if (target !== "" || rest.length === 0) folders.add(at);
    if (target === "") at = next;
    else if (++links > CONFIG_LINKS_MAX) return folders;
    const absolute = target === "" ? "" : parse(target).root;
    if (absolute !== "") at = absolute;
    steps = [...stepsOf(target.slice(absolute.length)), ...rest];
  }
  return folders;
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

function decode(file: string, bytes: Uint8Array): Sight {
  try {
    return {
      type: "text",
      text: new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    };
  } catch {
    return unreadable(file, {
      code: "not-utf8",
      message: "The file is not UTF-8 text",
      remedy: "Save it as UTF-8",
    });
  }
}

function unreadable(file: string, finding: Finding): Sight {
  return { type: "unreadable", problem: problemOf(file, finding) };
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

function notAFile(folder: boolean): Finding {
  return {
    code: "not-a-file",
    message: folder ? "This is a folder" : "This is no regular file",
    remedy: folder
      ? "Name a file in it"
      : "Write its content into a file, and name that",
  };
}

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
