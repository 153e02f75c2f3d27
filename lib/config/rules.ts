/**
 * `rules` → rules as data, and what is wrong with them.
 *
 * @module
 */

import type { Pace } from "../core/plan.ts";
import { captureNames } from "../match/pattern.ts";
import type { Condition, ReplySpec, RuleSpec } from "../match/rule.ts";
import { type Path, pathOf, reportValue } from "./complain.ts";
import type { Findings } from "./findings.ts";
import { paceAt, type PaceBook } from "./paces.ts";
import type { Reading } from "./patterns.ts";
import { fit } from "./plain.ts";
import { replyAt, type ReplyReading } from "./replies.ts";
import { type CheckedRule, RULE } from "./rule_shape.ts";
import { namesIn } from "./shape.ts";
import {
  type Entry,
  isNull,
  type Span,
  type Table,
  textOf,
  type Value,
} from "./value.ts";
import { conditionsAt } from "./whens.ts";

/** A rule that was read, right or wrong. */
export interface Draft {
  /** The rule, but for its name; undefined when something is wrong with it. */
  readonly spec: Omit<RuleSpec, "name"> | undefined;
  /** Where it stands. */
  readonly value: Value;
  /** What its author calls it, and where. */
  readonly name: Named | undefined;
  /** The state it wants. */
  readonly requires: Named | undefined;
  /** The state it brings about. */
  readonly sets: Named | undefined;
  /** Its position among the rules of its file. */
  readonly at: number;
  /** What is wrong with its file. */
  readonly findings: Findings;
}

/** A name of the author's. */
export interface Named extends Span {
  /** The name. */
  readonly text: string;
}

/** What reading rules needs besides. */
export interface RuleReading extends Reading {
  /** The paces there are. */
  readonly paces: PaceBook;
}

/** Reads the rules of one file. */
export function draftRules(root: Table, reading: RuleReading): Draft[] {
  const entry = root.entries.get("rules");
  if (entry === undefined) return [];
  const { key, value } = entry;
  if (value.type === "list" && value.items.length > 0) {
    return value.items.map((item, at) => readRule(item, at, reading));
  }
  if (isNull(value) || value.type === "list") {
    reading.findings.error({ ...EMPTY, at: key });
  } else reportValue(value, ["rules"], reading.findings);
  return [];
}

const EMPTY = {
  code: "empty",
  message: '"rules" holds no rules',
  path: "rules",
  remedy:
    'Write below it, indented, lines like - { when: { prompt: "*weather*" }, reply: "Sunny." }',
};

function readRule(value: Value, at: number, reading: RuleReading): Draft {
  const { findings } = reading;
  const path = ["rules", at];
  const before = findings.errors;
  const checked = fit(RULE, { key: value, value }, path, findings);
  const spec = value.type === "table"
    ? specOf(value, checked, path, reading)
    : undefined;
  const state = tableAt(value, "state");
  return {
    spec: findings.errors > before ? undefined : spec,
    value,
    name: namedAt(value, "name"),
    requires: namedAt(state, "requires"),
    sets: namedAt(state, "sets"),
    at,
    findings,
  };
}

/** All but the name. What is wrong is noted, whatever else is. */
function specOf(
  rule: Table,
  checked: CheckedRule | undefined,
  path: Path,
  reading: RuleReading,
): Draft["spec"] {
  const when = whenOf(rule, path, reading);
  const captures = when?.flatMap(({ pattern }) => captureNames(pattern));
  const replies = repliesOf(rule, checked, path, { ...reading, captures });
  const pace = paceOf(rule, checked, path, reading);
  checkState(rule, path, reading.findings);
  const [first, ...others] = replies;
  if (when === undefined || first === undefined || checked === undefined) {
    return undefined;
  }
  const { file } = reading.findings;
  const { requires, sets } = checked.state ?? {};
  return {
    place: `${file}:${reading.findings.lineOf(rule.start)}`,
    when,
    replies: [first, ...others],
    onEnd: checked.on_end,
    ...(requires !== undefined && { requires }),
    ...(sets !== undefined && { sets }),
    ...(pace && { pace }),
  };
}

function whenOf(
  rule: Table,
  path: Path,
  reading: RuleReading,
): readonly Condition[] | undefined {
  const entry = rule.entries.get("when");
  if (entry === undefined) return [];
  return conditionsAt(entry, [...path, "when"], reading);
}

/** Its replies, if all of them are right. */
function repliesOf(
  rule: Table,
  checked: CheckedRule | undefined,
  path: Path,
  reading: ReplyReading,
): readonly ReplySpec[] {
  const reply = rule.entries.get("reply");
  const replies = rule.entries.get("replies");
  if (reply === undefined && replies === undefined) {
    noReply(rule, path, reading);
  } else if (reply !== undefined && replies !== undefined) {
    const [, second = reply] = [reply, replies].toSorted((a, b) =>
      a.key.start - b.key.start
    );
    reading.findings.error({
      code: "two-replies",
      message: 'The rule has both "reply" and "replies"',
      at: second.key,
      path: pathOf(path),
      remedy: 'Keep one of the two; "replies" is the list',
    });
  }
  const one = reply === undefined
    ? []
    : [replyAt(reply.value, checked?.reply, [...path, "reply"], reading)];
  const several = replies === undefined
    ? []
    : severalOf(replies, checked, [...path, "replies"], reading);
  const all = [...one, ...several];
  const sound = all.filter((each) => each !== undefined);
  return sound.length < all.length ? [] : sound;
}

function severalOf(
  { key, value }: Entry,
  checked: CheckedRule | undefined,
  path: Path,
  reading: ReplyReading,
): (ReplySpec | undefined)[] {
  if (value.type !== "list") return [undefined];
  if (value.items.length === 0) {
    reading.findings.error({
      code: "empty",
      message: '"replies" holds no reply',
      at: key,
      path: pathOf(path),
      remedy: 'Write at least one: replies: ["First.", "Second."]',
    });
  }
  return value.items.map((item, at) =>
    replyAt(item, checked?.replies?.[at], [...path, at], reading)
  );
}

/** Says that nothing is answered, unless a key that is unknown explains it. */
function noReply(rule: Table, path: Path, { findings }: Reading): void {
  const known = namesIn("rules");
  if (![...rule.entries.keys()].every((name) => known.includes(name))) return;
  const [first] = rule.entries.values();
  findings.error({
    code: "no-reply",
    message: "The rule has no reply",
    at: first?.key ?? rule,
    path: pathOf(path),
    remedy: 'Write what it answers: reply: "It is sunny."',
  });
}

function paceOf(
  rule: Table,
  checked: CheckedRule | undefined,
  path: Path,
  { paces, findings }: RuleReading,
): Pace | undefined {
  const entry = rule.entries.get("pace");
  if (entry === undefined) return undefined;
  const written = checked?.pace ?? textOf(entry.value);
  return paceAt(entry, written, [...path, "pace"], paces, findings);
}

function checkState(rule: Table, path: Path, findings: Findings): void {
  const entry = rule.entries.get("state");
  if (entry?.value.type !== "table" || entry.value.entries.size > 0) return;
  findings.error({
    code: "empty",
    message: '"state" says nothing',
    at: entry.key,
    path: pathOf([...path, "state"]),
    remedy: "Write for example: state: { requires: logged_in, sets: done }",
  });
}

function tableAt(value: Value, name: string): Value | undefined {
  return value.type === "table" ? value.entries.get(name)?.value : undefined;
}

function namedAt(value: Value | undefined, name: string): Named | undefined {
  const at = value && tableAt(value, name);
  const text = textOf(at);
  return at === undefined || text === undefined
    ? undefined
    : { text, start: at.start, end: at.end };
}
