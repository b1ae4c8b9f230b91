/** A text without one layer of wrapping, and where each of its characters stands in the wrapped one. */
export type Unwrapped = {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
};

/** Marks that are not drawn: what splits a secret so that a reader sees it whole and a pattern does not. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/u;
const WRAPS = /%[0-9A-Fa-f]{2}|\\[ux"'/\\nrtbf]|&#|[\p{Default_Ignorable_Code_Point}\p{Cf}\uff01-\uff5e]/u;
const FULL_WIDTH_OFFSET = 0xfee0;

const ESCAPE = /\\u\{?([0-9A-Fa-f]{4,6})\}?|\\x([0-9A-Fa-f]{2})|\\(["'/\\nrtbf])|&#x([0-9A-Fa-f]{1,6});|&#(\d{1,7});/y;

/**
 * Undoes what an exporter or a writer wraps single characters in: percent-encoding, `\u` escapes, character references,
 * full-width forms and marks that are not drawn. Null where there is nothing to undo.
 */
export function unwrap(text: string): Unwrapped | null {
  if (!WRAPS.test(text)) return null;
  const starts: number[] = [];
  const ends: number[] = [];
  let plain = "";
  let isChanged = false;
  const add = (written: string, start: number, end: number) => {
    for (let unit = 0; unit < written.length; unit += 1) {
      starts.push(start);
      ends.push(end);
    }
    plain += written;
  };
  let at = 0;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    const wrapped = code === 0x25 ? percent(text, at) : code === 0x5c || code === 0x26 ? escaped(text, at) : wide(code);
    if (wrapped === null) {
      const length = code > 0xffff ? 2 : 1;
      add(text.slice(at, at + length), at, at + length);
      at += length;
      continue;
    }
    isChanged = true;
    if (!INVISIBLE.test(wrapped.plain)) add(wrapped.plain, at, at + wrapped.length);
    at += wrapped.length;
  }
  return isChanged ? { text: plain, starts, ends } : null;
}

/** `\n` and the like: a word does not begin with their letter. */
const LAYOUT = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["b", " "],
  ["f", " "],
]);

type Wrapped = { readonly plain: string; readonly length: number };

function wide(code: number): Wrapped | null {
  if (code < 0xad) return null;
  if (code >= 0xff01 && code <= 0xff5e) return { plain: String.fromCharCode(code - FULL_WIDTH_OFFSET), length: 1 };
  const character = String.fromCodePoint(code);
  return INVISIBLE.test(character) ? { plain: character, length: character.length } : null;
}

function escaped(text: string, at: number): Wrapped | null {
  ESCAPE.lastIndex = at;
  const match = ESCAPE.exec(text);
  if (match === null) return null;
  const [whole, unicode, byte, sign, hex, decimal] = match;
  if (sign !== undefined) return { plain: LAYOUT.get(sign) ?? sign, length: whole.length };
  const code = decimal === undefined ? Number.parseInt(unicode ?? byte ?? hex ?? "", 16) : Number(decimal);
  return code <= 0x10ffff ? { plain: String.fromCodePoint(code), length: whole.length } : null;
}

const byteAt = (text: string, at: number) =>
  text[at] === "%" && /^[0-9A-Fa-f]{2}$/.test(text.slice(at + 1, at + 3))
    ? Number.parseInt(text.slice(at + 1, at + 3), 16)
    : -1;

/** One character of UTF-8 in percent-encoding. */
function percent(text: string, at: number): Wrapped | null {
  const first = byteAt(text, at);
  if (first < 0) return null;
  const extra = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
  let code = extra === 0 ? first : first & (0x3f >> extra);
  for (let next = 1; next <= extra; next += 1) {
    const byte = byteAt(text, at + next * 3);
    if (byte < 0x80 || byte > 0xbf) return { plain: String.fromCharCode(first), length: 3 };
    code = (code << 6) | (byte & 0x3f);
  }
  return code <= 0x10ffff ? { plain: String.fromCodePoint(code), length: 3 * (extra + 1) } : null;
}
