/**
 * Words what does not fit the shape: the key, what it takes, what was found, the way out.
 *
 * @module
 */

import type { core } from "zod/mini";
import { type Findings, quote } from "./findings.ts";
import { nearName, suggest } from "./near.ts";
import { KEYS, KEYS_TO_COME, namesIn } from "./shape.ts";
import { type Entry, isNull, type Table, type Value } from "./value.ts";

/** The way to a value: names, and positions in lists. */
export type Path = readonly PropertyKey[];

/** Words an issue of zod's. */
export function reportIssue(
  issue: core.$ZodIssue,
  root: Table,
  findings: Findings,
): void {
  if (issue.code !== "unrecognized_keys") {
    return reportWrong(issue.path, root, findings);
  }
  for (const name of issue.keys) {
    reportUnknown(name, issue.path, root, findings);
  }
}

function reportUnknown(
  name: string,
  path: Path,
  root: Table,
  findings: Findings,
): void {
  const at = entryAt(root, [...path, name])?.key;
  const section = path.join(".");
  const full = pathOf([...path, name]);
  if (KEYS_TO_COME[section]?.includes(name)) {
    findings.error({
      code: "not-yet",
      message: `This version does not read "${full}" yet`,
      ...(at && { at }),
      path: full,
      remedy: "Remove it until you use a version that does",
    });
  } else {
    const inside = section === "" ? "" : ` in ${section}`;
    findings.error({
      code: "unknown-key",
      message: `Unknown key ${quote(name)}${inside}`,
      ...(at && { at }),
      path: full,
      remedy: whereElse(name, section) ?? suggest(name, namesIn(section)),
    });
  }
}

/** Where a key of this very name does belong. */
function whereElse(name: string, section: string): string | undefined {
  const home = ["", "settings", "defaults"].find((each) =>
    each !== section && namesIn(each).includes(name)
  );
  if (home === undefined) return undefined;
  return home === ""
    ? "Move it to the left margin: it is a section of its own"
    : `Move it below "${home}:", indented`;
}

/** Says that the value at `path` is not what its key takes. */
export function reportWrong(path: Path, root: Table, findings: Findings): void {
  // Inside a value such as a list, the words are those of the key that holds it.
  const known = [3, 2, 1].map((length) => path.slice(0, length)).find((each) =>
    KEYS.has(each.join("."))
  );
  const words = KEYS.get(known?.join(".") ?? "");
  const entry = entryAt(root, path) ?? entryAt(root, known ?? []);
  if (entry === undefined || words === undefined) return;
  const { key, value } = entry;
  const name = pathOf(path);
  const near = value.type === "scalar"
    ? nearName(value.text, words.words ?? [])
    : undefined;
  const example = words.example.includes("\n")
    ? `\n${words.example}`
    : ` ${words.example}`;
  if (isNull(value)) {
    findings.error({
      code: "no-value",
      message: `"${name}" has no value`,
      at: value.end > value.start ? value : key,
      path: name,
      remedy: `Remove it, or give it one:${example}`,
    });
  } else {
    const takes = path.length > (known?.length ?? 0)
      ? words.item ?? words.takes
      : words.takes;
    findings.error({
      code: "wrong-value",
      message: `"${name}" must be ${takes}, not ${said(value)}`,
      at: value,
      path: name,
      remedy: near === undefined
        ? `Write for example:${example}`
        : `Did you mean "${near}"?`,
    });
  }
}

function said(value: Value): string {
  if (value.type === "list") return "a list";
  if (value.type === "table") return "a section with keys";
  return value.plain || value.text === ""
    ? quote(value.text)
    : `${quote(value.text)} in quotes`;
}

/** What stands at `path`, if anything. */
export function entryAt(root: Table, path: Path): Entry | undefined {
  let entry: Entry = { key: root, value: root };
  for (const step of path) {
    const { value } = entry;
    const item = value.type === "list" ? value.items[Number(step)] : undefined;
    const next = value.type === "table"
      ? value.entries.get(String(step))
      : item && { key: item, value: item };
    if (next === undefined) return undefined;
    entry = next;
  }
  return entry;
}

/** A path as people write it: `settings.lag_factor`, `models[2]`, `responses["a prompt"]`. */
export function pathOf(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]{1,60}$/.test(String(step))) {
      return `${text}[${quote(String(step))}]`;
    }
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}
