import type { Json } from "./json";
import { JsonRefusal, type StrictJsonCode } from "./json-fault";
import { exactNumber } from "./json-number";
import { utf8Length } from "./utf8";

/** How much one document may hold. Sizes are UTF-8 bytes after decoding escapes. */
export type JsonLimits = {
  /** Nested containers; at most 1,000 whatever is asked, since the reader recurses. */
  readonly depth: number;
  /** Object keys in the whole document. */
  readonly keys: number;
  readonly keyBytes: number;
  readonly stringBytes: number;
  /** Elements of one array, and of all arrays in the whole document. */
  readonly arrayLength: number;
  readonly elements: number;
};

const TAB = 0x09;
const NEW_LINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_E = 0x65;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** The bit that turns an ASCII capital into its small letter. */
const LOWER_CASE = 0x20;

const DEEPEST = 1_000;

/** DBL_DIG: up to this many digits, a decimal is its double's shortest form and its digits are an exact integer. */
const SAFE_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: SAFE_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

const ESCAPES = new Map<string, string>([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** One pass over one text by recursive descent; throws a `JsonRefusal`. Use it through `readStrictJson`. */
export class JsonReader {
  private at = 0;
  private keys = 0;
  private elements = 0;
  /** One entry per open container: the key or index being read, null between keys. */
  private readonly path: (string | number | null)[] = [];
  private readonly deepest: number;

  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
  ) {
    this.deepest = Math.min(limits.depth, DEEPEST);
  }

  document(): Json {
    this.skipSpace();
    const value = this.value();
    this.skipSpace();
    return this.at === this.text.length ? value : this.refuse("malformed_json");
  }

  private value(): Json {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) return this.string(this.limits.stringBytes, "string_too_long");
    if (code === OPEN_BRACE) return this.object();
    if (code === OPEN_BRACKET) return this.array();
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.number();
    return this.word();
  }

  private object(): Json {
    const level = this.enter();
    const object: Record<string, Json> = {};
    if (this.skipSpace() === CLOSE_BRACE) return this.leave(object);
    for (;;) {
      const start = this.at;
      const key = this.key();
      this.path[level] = key;
      if (key === "__proto__") this.refuse("forbidden_key", start);
      // A JSON value is never undefined, so the slower question is only asked of duplicates and inherited names.
      const taken = object[key] !== undefined;
      if (taken && Object.hasOwn(object, key)) this.refuse("duplicate_key", start);

      if (this.skipSpace() !== COLON) this.refuse("malformed_json");
      this.at += 1;
      this.skipSpace();
      const value = this.value();
      // Assigning to an inherited name throws where Object.prototype is frozen.
      if (taken) Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
      else object[key] = value;

      const code = this.skipSpace();
      if (code === CLOSE_BRACE) return this.leave(object);
      if (code !== COMMA) this.refuse("malformed_json");
      this.path[level] = null;
      this.at += 1;
      this.skipSpace();
    }
  }

  private key(): string {
    if (this.text.charCodeAt(this.at) !== QUOTE) this.refuse("malformed_json");
    this.keys += 1;
    if (this.keys > this.limits.keys) this.refuse("too_many_keys");
    return this.string(this.limits.keyBytes, "key_too_long");
  }

  private array(): Json {
    const level = this.enter();
    const array: Json[] = [];
    if (this.skipSpace() === CLOSE_BRACKET) return this.leave(array);
    for (;;) {
      this.path[level] = array.length;
      if (array.length >= this.limits.arrayLength) this.refuse("array_too_long");
      this.elements += 1;
      if (this.elements > this.limits.elements) this.refuse("too_many_elements");
      array.push(this.value());

      const code = this.skipSpace();
      if (code === CLOSE_BRACKET) return this.leave(array);
      if (code !== COMMA) this.refuse("malformed_json");
      this.at += 1;
      this.skipSpace();
    }
  }

  private string(maxBytes: number, tooLong: StrictJsonCode): string {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    let from = start;
    let decoded = "";
    let surrogates = false;
    for (;;) {
      let code = text.charCodeAt(at);
      while (code >= SPACE && code < FIRST_SURROGATE && code !== QUOTE && code !== BACKSLASH) {
        at += 1;
        code = text.charCodeAt(at);
      }
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        const character = this.escape(at);
        surrogates ||= character.charCodeAt(0) >= FIRST_SURROGATE;
        decoded += text.slice(from, at) + character;
        at = this.at;
        from = at;
      } else {
        // Below U+0020, or NaN at the end of the text.
        if (!(code >= SPACE)) this.refuse(code === 0 ? "nul_character" : "malformed_json", at);
        surrogates ||= code <= LAST_SURROGATE;
        at += 1;
      }
    }
    const value = decoded + text.slice(from, at);
    if (surrogates && !value.isWellFormed()) this.refuse("malformed_unicode", start - 1);
    if (value.length * 3 > maxBytes && utf8Length(value) > maxBytes) this.refuse(tooLong, start - 1);
    this.at = at + 1;
    return value;
  }

  /** Decodes the escape that starts at the backslash and moves behind it. */
  private escape(at: number): string {
    const letter = this.text.charAt(at + 1);
    const simple = ESCAPES.get(letter);
    if (simple !== undefined) {
      this.at = at + 2;
      return simple;
    }
    const hex = this.text.slice(at + 2, at + 6);
    if (letter !== "u" || !/^[0-9A-Fa-f]{4}$/.test(hex)) this.refuse("malformed_json", at);
    const code = Number.parseInt(hex, 16);
    if (code === 0) this.refuse("nul_character", at);
    this.at = at + 6;
    return String.fromCharCode(code);
  }

  private number(): number {
    const start = this.at;
    const negative = this.text.charCodeAt(start) === MINUS;
    if (negative) this.at += 1;

    const first = this.at;
    let mantissa = 0;
    // RFC 8259 §6: a leading zero stands alone.
    if (this.text.charCodeAt(first) === ZERO) this.at += 1;
    else mantissa = this.digits(0);
    let digits = this.at - first;

    let decimals = 0;
    if (this.text.charCodeAt(this.at) === DOT) {
      this.at += 1;
      const point = this.at;
      mantissa = this.digits(mantissa);
      decimals = this.at - point;
      digits += decimals;
    }

    if (this.exponent() || digits > SAFE_DIGITS || (negative && mantissa === 0)) {
      return exactNumber(this.text.slice(start, this.at)) ?? this.refuse("number_not_exact", start);
    }
    // Both operands are exact, so one correctly rounded division gives what Number() would.
    const value = mantissa / (POWERS_OF_TEN[decimals] ?? 1);
    return negative ? -value : value;
  }

  /** Reads at least one digit onto `value`, which is only meaningful up to `SAFE_DIGITS`. */
  private digits(value: number): number {
    const start = this.at;
    let at = start;
    let code = this.text.charCodeAt(at);
    let total = value;
    while (code >= ZERO && code <= NINE) {
      total = total * 10 + (code - ZERO);
      at += 1;
      code = this.text.charCodeAt(at);
    }
    this.at = at;
    return at > start ? total : this.refuse("malformed_json");
  }

  /** Reads an exponent if there is one. Its value is not needed: `exactNumber` reads the literal again. */
  private exponent(): boolean {
    if ((this.text.charCodeAt(this.at) | LOWER_CASE) !== LETTER_E) return false;
    this.at += 1;
    const sign = this.text.charCodeAt(this.at);
    if (sign === PLUS || sign === MINUS) this.at += 1;
    this.digits(0);
    return true;
  }

  private word(): Json {
    if (this.text.startsWith("true", this.at)) return this.past("true", true);
    if (this.text.startsWith("false", this.at)) return this.past("false", false);
    if (this.text.startsWith("null", this.at)) return this.past("null", null);
    return this.refuse("malformed_json");
  }

  private past(word: string, value: Json): Json {
    this.at += word.length;
    return value;
  }

  /** Steps into a container, before anything inside it is read; returns its place in `path`. */
  private enter(): number {
    if (this.path.length >= this.deepest) this.refuse("too_deep");
    this.at += 1;
    return this.path.push(null) - 1;
  }

  private leave(container: Json): Json {
    this.path.pop();
    this.at += 1;
    return container;
  }

  /** Skips the four characters RFC 8259 calls white space; returns the code unit it stops at, NaN at the end. */
  private skipSpace(): number {
    let code = this.text.charCodeAt(this.at);
    while (code === SPACE || code === NEW_LINE || code === RETURN || code === TAB) {
      this.at += 1;
      code = this.text.charCodeAt(this.at);
    }
    return code;
  }

  private refuse(code: StrictJsonCode, at = this.at): never {
    throw new JsonRefusal(code, this.path, at);
  }
}
