/**
 * The formats that a JSON Schema may demand of a text: which texts have one. A format that is
 * not here is anything.
 *
 * @module
 */

/** Whether `text` is of `format`; true for formats that nobody knows. */
export function isOfFormat(text: string, format: string): boolean {
  return FORMATS.get(format)?.(text) ?? true;
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME =
  /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]\d\d(:?\d\d)?)$/i;
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,20}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,20}[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const UUID = /^(urn:uuid:)?[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i;
const DURATION =
  /^P(?!$)((\d{1,9}Y)?(\d{1,9}M)?(\d{1,9}D)?(T(?=\d)(\d{1,9}H)?(\d{1,9}M)?(\d{1,9}(\.\d{1,9})?S)?)?|\d{1,9}W)$/;
/** Loosely: what is wrong in it is more often the scheme, or a blank, than anything else. */
const URI = /^[a-z][a-z0-9+.-]*:[^\s"<>\\^`{|}]+$/i;
const URI_REFERENCE = /^[^\s"<>\\^`{|}]*$/;
const POINTER = /^(\/([^~/]|~[01])*)*$/;

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["date", isDate],
  ["time", (text: string) => TIME.test(text)],
  ["date-time", isDateTime],
  ["duration", (text: string) => DURATION.test(text)],
  ["email", (text: string) => text.length <= 320 && EMAIL.test(text)],
  ["hostname", isHostname],
  ["ipv4", isIpv4],
  ["ipv6", isIpv6],
  ["uri", (text: string) => URI.test(text)],
  ["uri-reference", (text: string) => URI_REFERENCE.test(text)],
  ["uuid", (text: string) => UUID.test(text)],
  ["json-pointer", (text: string) => POINTER.test(text)],
]);

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = (DATE.exec(text) ?? []).slice(1)
    .map(Number);
  const leaps = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && !leaps ? 28 : DAYS[month - 1] ?? 0;
  return day >= 1 && day <= last;
}

function isDateTime(text: string): boolean {
  const [date = "", time = "", more] = text.split(/t|\s/i);
  return more === undefined && isDate(date) && TIME.test(time);
}

function isHostname(text: string): boolean {
  return text.length <= 253 &&
    text.replace(/\.$/, "").split(".").every((label) => LABEL.test(label));
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 &&
    parts.every((part) =>
      /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256
    );
}

function isIpv6(text: string): boolean {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return false;
  const count = groups(head) + groups(tail ?? "");
  return tail === undefined ? count === 8 : count < 8;
}

/** How many groups of 16 bits a part of an address has; far too many if one is wrong. */
function groups(part: string): number {
  if (part === "") return 0;
  const all = part.split(":");
  const last = all.at(-1) ?? "";
  const v4 = isIpv4(last);
  const hex = v4 ? all.slice(0, -1) : all;
  if (!hex.every((group) => /^[\da-f]{1,4}$/i.test(group))) return 100;
  return hex.length + (v4 ? 2 : 0);
}
