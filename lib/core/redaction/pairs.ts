import { isWordAt } from "./characters";
import { isMarker, markerAt } from "./marker";
import { canBeSecret, kindOfName } from "./names";
import { phoneOf } from "./numbers";
import type { Found } from "./span";

const [COLON, EQUALS, GREATER] = [0x3a, 0x3d, 0x3e];
const LONGEST_NAME = 48;
const MOST_GAP = 6;
const MOST_VALUE = 4_096;

const isNameAt = (text: string, at: number) => isWordAt(text, at) || text[at] === "_" || text[at] === "-";
const isSpaceAt = (text: string, at: number) => text[at] === " " || text[at] === "\t";
const isQuoteAt = (text: string, at: number) => text[at] === '"' || text[at] === "'" || text[at] === "`";

/** Values that a text ties to a telling name: `password=…`, `"api_key": "…"`, `Authorization: …`, `<secret>…</secret>`. */
export function findPairs(text: string, found: Found): void {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== EQUALS && code !== COLON && code !== GREATER) continue;
    let end = at;
    while (
      end > 0 &&
      at - end < MOST_GAP &&
      (isSpaceAt(text, end - 1) || isQuoteAt(text, end - 1) || text[end - 1] === "\\")
    )
      end -= 1;
    let start = end;
    while (start > 0 && end - start < LONGEST_NAME && isNameAt(text, start - 1)) start -= 1;
    // `<password>` begins an element; any other `>` was looked at as part of `=>`.
    if (code === GREATER && text[start - 1] !== "<") continue;
    // `[secret:h…]` is what we put there.
    if (end - start < 3 || markerAt(text, start - 1) > 0) continue;
    // What joins two signs, as in `:=` and `=>`, belongs to neither the name nor the value.
    const next = text[at + 1];
    const from = next === "=" || next === ">" ? at + 2 : at + 1;
    // On from where a value ends, or a text that is one name after another would be read as many times.
    at = Math.max(at, valueAfter(text, from, text.slice(start, end), code === COLON, found) - 1);
  }
}

/** Values after the switch of a command: `--password …`. */
export function findSwitches(text: string, found: Found): void {
  for (let at = text.indexOf("--"); at >= 0; at = text.indexOf("--", at + 2)) {
    if (!isWordAt(text, at + 2)) continue;
    let end = at + 2;
    while (end - at < LONGEST_NAME && isNameAt(text, end)) end += 1;
    // A value after a space is short and ends at the next one.
    if (isSpaceAt(text, end) && text[end + 1] !== "-") valueAfter(text, end, text.slice(at + 2, end), false, found);
  }
}

/** Finds what stands after a telling name; says where it ends, or where it began to look. */
function valueAfter(text: string, from: number, name: string, isHeader: boolean, found: Found): number {
  const kind = kindOfName(name);
  if (kind === "other") return from;
  let open = from;
  while (open - from < MOST_GAP && isSpaceAt(text, open)) open += 1;
  if (kind === "phone") {
    findPhoneAt(text, open, found);
    return from;
  }
  let start = open;
  // A quotation may be escaped, as it is inside a JSON text.
  while (text[start] === "\\" && start - open < 3) start += 1;
  const isQuoted = isQuoteAt(text, start);
  const closing = text.slice(open, start + 1);
  start = isQuoted ? start + 1 : open;
  const end = isQuoted ? quotedEnd(text, start, closing) : bareEnd(text, start, isHeader && HEADER.test(name));
  const value = text.slice(start, end);
  if (!canBeSecret(name, value) || isMarker(value) || endsInMarker(text, start, end)) return from;
  found({ start, end, detector: "secret", service: null, plain: value });
  return end;
}

const PHONE = /["'\\]{0,2}(\+?\(?\d[\d ()./-]{5,22}\d)/y;

function findPhoneAt(text: string, from: number, found: Found): void {
  PHONE.lastIndex = from;
  const match = PHONE.exec(text);
  const [whole = "", written = ""] = match ?? [];
  if (match === null || written.replace(/\D/g, "").length > 15) return;
  const end = from + whole.length;
  found({
    start: end - written.length,
    end,
    detector: "phone",
    service: null,
    plain: phoneOf(written),
  });
}

const SCHEME = /^(?:bearer|basic|token|digest|negotiate|apikey)[ \t]{1,4}/i;

/** A header's scheme is shown, and its credential was replaced before: `Bearer [redacted:authorization]`. */
function endsInMarker(text: string, start: number, end: number): boolean {
  const scheme = SCHEME.exec(text.slice(start, Math.min(end, start + 16)))?.[0] ?? "";
  const at = start + scheme.length;
  const length = markerAt(text, at);
  return length > 0 && at + length >= end;
}

function quotedEnd(text: string, start: number, closing: string): number {
  const limit = Math.min(text.length, start + MOST_VALUE);
  for (let at = start; at < limit; at += 1) {
    if (text.startsWith(closing, at)) return at;
    // An escaped sign is part of the value, unless the quotation itself is escaped.
    if (closing.length === 1 && text[at] === "\\") at += 1;
  }
  return limit;
}

/** Headers whose values have spaces and semicolons in them. */
const HEADER = /(?:cookie|authorization)$/i;
const STOP = /[\s"'`,;&<>)}\]\\]/;
const HEADER_STOP = /[\r\n"'`\\]/;

function bareEnd(text: string, start: number, isHeader: boolean): number {
  const limit = Math.min(text.length, start + MOST_VALUE);
  const stop = isHeader ? HEADER_STOP : STOP;
  let at = start;
  while (at < limit) {
    const marker = markerAt(text, at);
    if (marker === 0 && stop.test(text[at] ?? "")) break;
    at += marker > 0 ? marker : 1;
  }
  while (!isHeader && at > start && text[at - 1] === ".") at -= 1;
  return at;
}

const PEM_BEGIN = "-----BEGIN ";
const PEM_LABEL = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const PEM_END = /-----END [A-Z0-9 ]{0,60}-----/g;
const LONGEST_PEM = 16_384;

/** Private keys in PEM; a block that is cut off is taken to its end. */
export function findPrivateKeys(text: string, found: Found): void {
  let at = text.indexOf(PEM_BEGIN);
  while (at >= 0) {
    PEM_LABEL.lastIndex = at;
    const label = PEM_LABEL.exec(text)?.[0] ?? "";
    let end = at + PEM_BEGIN.length;
    if (label !== "") {
      const block = text.slice(at, at + LONGEST_PEM);
      PEM_END.lastIndex = label.length;
      const close = PEM_END.exec(block);
      end = at + (close === null ? block.length : close.index + close[0].length);
      found({
        start: at,
        end,
        detector: "private_key",
        service: null,
        plain: text.slice(at, end),
      });
    }
    at = text.indexOf(PEM_BEGIN, end);
  }
}
