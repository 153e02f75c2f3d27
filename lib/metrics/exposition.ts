/**
 * The text exposition format of Prometheus, version 0.0.4: lines, escapes, numbers.
 *
 * Knows the format; knows no metric.
 *
 * @module
 */

import { LABEL_CHARS_MAX } from "../core/limits.ts";

/** Content type of the format. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Labels by name; one that is empty is the same as none. */
export type Labels = Readonly<Record<string, string>>;

/** The lines that introduce a family of samples. */
export function header(
  { name, help, type }: {
    readonly name: string;
    readonly help: string;
    readonly type: string;
  },
): string {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`;
}

/** One sample; `labels` come from {@linkcode pairs}. */
export function sample(name: string, labels: string, value: number): string {
  const braced = labels === "" ? "" : `{${labels}}`;
  return `${name}${braced} ${number(value)}\n`;
}

/** What stands between the braces of a sample. */
export function pairs(labels: Labels): string {
  return Object.entries(labels)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}="${escape(value)}"`)
    .join(",");
}

/** A number as the format writes it. */
export function number(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

/**
 * A stranger's text as the value of a label: no control characters, which a terminal would
 * obey, no half characters, and not longer than a label should be.
 *
 * The result shares no memory with `text`, which may be a piece of a large body.
 */
export function labelText(text: string): string {
  const plain = text.slice(0, LABEL_CHARS_MAX).replace(CONTROLS, "\ufffd");
  return decoder.decode(encoder.encode(plain));
}

// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

const encoder = new TextEncoder();
// Otherwise a byte order mark at the start is taken for one, and lost.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")
    .replaceAll('"', '\\"');
}
