/**
 * `when` → conditions.
 *
 * @module
 */

import { dialects } from "../dialects/registry.ts";
import { readJsonPath } from "../match/json_path.ts";
import {
  compilePattern,
  describePattern,
  type Pattern,
} from "../match/pattern.ts";
import { type Condition, type Field, FIELDS } from "../match/rule.ts";
import { type Path, pathOf } from "./complain.ts";
import { checkHeaderName } from "./header_names.ts";
import { spanInside } from "./inside.ts";
import { suggest } from "./near.ts";
import { type Kind, patternAt, type Reading, TEXT } from "./patterns.ts";
import { type Entry, flagOf, isNull, numberOf, type Scalar } from "./value.ts";

/** The conditions of a `when` at `path`; undefined, with the reasons noted, if one of them is wrong. */
export function conditionsAt(
  { key, value }: Entry,
  path: Path,
  reading: Reading,
): readonly Condition[] | undefined {
  if (value.type !== "table") return undefined;
  if (value.entries.size === 0) {
    reading.findings.error({
      code: "empty",
      message: '"when" names no field',
      at: key,
      path: pathOf(path),
      remedy:
        'Name one, such as prompt: "*weather*". Remove "when" if the rule shall always match',
    });
    return undefined;
  }
  const conditions = FIELDS.flatMap((field) => {
    const entry = value.entries.get(field);
    return entry === undefined
      ? []
      : conditionsOf(field, entry, [...path, field], reading);
  });
  const sound = conditions.filter((each) => each !== undefined);
  return sound.length < conditions.length ? undefined : sound;
}

/** What one field demands; one condition for each header or path. */
function conditionsOf(
  field: Field,
  entry: Entry,
  path: Path,
  reading: Reading,
): (Condition | undefined)[] {
  if (field === "header" || field === "body") {
    return keyed(field, entry, path, reading);
  }
  const pattern = patternAt(entry, path, reading, KINDS[field]);
  return [pattern && { field, pattern }];
}

// Kinds of fields ─────────────────────────────────────────────────────────────

const STREAM: Kind = {
  read(value) {
    const flag = flagOf(value);
    return flag === undefined ? undefined : equal(flag);
  },
};

const TURN: Kind = { read: (value) => counted(value, 1) };

const IMAGES: Kind = {
  read(value) {
    const flag = flagOf(value);
    if (flag === undefined) return counted(value, 0);
    return flag ? { type: "not", pattern: equal(0) } : equal(0);
  },
};

/** A dialect that does not exist would never match. */
const DIALECT: Kind = {
  ...TEXT,
  check(pattern) {
    const known = dialects.map(({ name }) => name);
    const compiled = compilePattern(pattern);
    if (known.some((name) => compiled.match(name) !== undefined)) {
      return undefined;
    }
    const shown = describePattern(pattern);
    return {
      code: "unknown-dialect",
      message: `No dialect is called ${shown}`,
      remedy: suggest("text" in pattern ? pattern.text : shown, known),
    };
  },
};

/** The JSON of a number, true, false or null, and any pattern. */
const JSON_VALUE: Kind = {
  read(value) {
    if (value.plain) {
      if (isNull(value) && value.text !== "") return jsonValue("null");
      if (/^(true|false)$/i.test(value.text)) {
        return jsonValue(value.text.toLowerCase());
      }
      const number = numberOf(value);
      if (number !== undefined && Number.isFinite(number)) {
        return jsonValue(JSON.stringify(number));
      }
    }
    return TEXT.read(value);
  },
};

const KINDS: Readonly<Partial<Record<Field, Kind>>> = {
  dialect: DIALECT,
  stream: STREAM,
  turn: TURN,
  images: IMAGES,
};

/** A number, or a pattern that numbers can match. */
function counted(value: Scalar, least: number): ReturnType<Kind["read"]> {
  const number = numberOf(value);
  if (number !== undefined) {
    return Number.isSafeInteger(number) && number >= least
      ? equal(number)
      : undefined;
  }
  const pattern = TEXT.read(value);
  const isPlain = pattern !== undefined && "type" in pattern &&
    pattern.type === "equal";
  return isPlain ? undefined : pattern;
}

function equal(value: number | boolean): Pattern {
  return { type: "equal", text: String(value) };
}

function jsonValue(text: string): Pattern {
  return { type: "value", text };
}

// Headers and paths ───────────────────────────────────────────────────────────

function keyed(
  field: "header" | "body",
  { key, value }: Entry,
  path: Path,
  reading: Reading,
): (Condition | undefined)[] {
  if (value.type !== "table") return [undefined];
  if (value.entries.size === 0) {
    reading.findings.error({ ...EMPTY[field], at: key, path: pathOf(path) });
    return [undefined];
  }
  const read = field === "header" ? ofHeader : ofBody;
  return [...value.entries].map(([name, entry]) =>
    read(name, entry, [...path, name], reading)
  );
}

const EMPTY = {
  header: {
    code: "empty",
    message: '"header" names no header',
    remedy: 'Write for example: header: { x-team: "red*" }',
  },
  body: {
    code: "empty",
    message: '"body" names no path',
    remedy: 'Write for example: body: { "$.metadata.user_id": "u-*" }',
  },
};

function ofHeader(
  name: string,
  entry: Entry,
  path: Path,
  reading: Reading,
): Condition | undefined {
  const pattern = patternAt(entry, path, reading);
  if (!checkHeaderName(name, entry, path, reading.findings)) return undefined;
  return pattern && { field: "header", key: name.toLowerCase(), pattern };
}

function ofBody(
  name: string,
  entry: Entry,
  path: Path,
  reading: Reading,
): Condition | undefined {
  const pattern = patternAt(entry, path, reading, JSON_VALUE);
  const read = readJsonPath(name);
  if (!("code" in read)) {
    return pattern && { field: "body", key: name, pattern };
  }
  const { code, message, remedy, column } = read;
  const { findings } = reading;
  const at = spanInside({ ...entry.key, text: name }, 1, column, findings.text);
  findings.error({ code, message, at, path: pathOf(path), remedy });
  return undefined;
}
