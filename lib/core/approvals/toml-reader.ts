import type { Json } from "@/lib/core/shared/json";

import type { ConfigRead } from "./config-read";

type Table = Map<string, Value>;
type Value = Json | Table | Value[];

class NotRead extends Error {}

const MOST_DEPTH = 64;
const BARE = /[A-Za-z0-9_-]/;
const ESCAPES: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };

/**
 * Reads TOML: tables, lists of tables, dotted and quoted keys, every value. Dates, and numbers in other bases, stay the
 * text they are. Each character is looked at once; nothing is guessed.
 *
 * @source TOML v1.0.0
 */
export function readToml(text: string): ConfigRead {
  try {
    return { ok: true, value: plain(new TomlReader(text.replaceAll("\r\n", "\n")).document()) };
  } catch (error) {
    if (error instanceof NotRead) return { ok: false, why: error.message };
    throw error;
  }
}

class TomlReader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Table {
    const root: Table = new Map();
    const defined = new Set<Table>();
    let table = root;
    for (;;) {
      this.skip(true);
      if (this.at >= this.text.length) return root;
      if (this.text.startsWith("[[", this.at)) table = this.listHeader(root);
      else if (this.peek() === "[") table = this.header(root, defined);
      else this.pair(table);
      this.skip(false);
      if (this.at < this.text.length && this.peek() !== "\n") this.fail("is not understood");
    }
  }

  private header(root: Table, defined: Set<Table>): Table {
    this.at += 1;
    const table = this.tableAt(root, this.key());
    this.expect("]");
    if (defined.has(table)) this.fail("defines a table twice");
    defined.add(table);
    return table;
  }

  private listHeader(root: Table): Table {
    this.at += 2;
    const path = this.key();
    this.expect("]");
    this.expect("]");
    const parent = this.tableAt(root, path.slice(0, -1));
    const name = path.at(-1) ?? "";
    const list: Value = parent.get(name) ?? [];
    if (!Array.isArray(list)) return this.fail("is a list and something else");
    const table: Table = new Map();
    list.push(table);
    parent.set(name, list);
    return table;
  }

  private pair(table: Table): void {
    const path = this.key();
    this.expect("=");
    const target = this.tableAt(table, path.slice(0, -1));
    const name = path.at(-1) ?? "";
    if (target.has(name)) this.fail("sets a key twice");
    target.set(name, this.value(0));
  }

  private tableAt(from: Table, path: readonly string[]): Table {
    let table = from;
    for (const name of path) {
      const found = table.get(name);
      const last = Array.isArray(found) ? found.at(-1) : found;
      if (last instanceof Map) table = last;
      else if (found === undefined) {
        const fresh: Table = new Map();
        table.set(name, fresh);
        table = fresh;
      } else this.fail("is a table and a value");
    }
    return table;
  }

  private key(): string[] {
    const path: string[] = [];
    do {
      if (path.length > 0) this.at += 1;
      this.skip(false);
      path.push(this.peek() === '"' || this.peek() === "'" ? this.quoted() : this.bare());
      this.skip(false);
    } while (this.peek() === ".");
    if (path.length > MOST_DEPTH || path.includes("__proto__")) this.fail("has a key that is not allowed");
    return path;
  }

  private bare(): string {
    const from = this.at;
    while (this.at < this.text.length && BARE.test(this.peek())) this.at += 1;
    return this.at === from ? this.fail("has no key") : this.text.slice(from, this.at);
  }

  private value(depth: number): Value {
    if (depth > MOST_DEPTH) this.fail("nests too deep");
    this.skip(false);
    const first = this.peek();
    if (first === '"' || first === "'") return this.quoted();
    if (first === "[") return this.list(depth);
    if (first === "{") return this.inline(depth);
    return this.scalar();
  }

  private list(depth: number): Value[] {
    const items: Value[] = [];
    this.at += 1;
    for (;;) {
      this.skip(true);
      if (this.take("]")) return items;
      items.push(this.value(depth + 1));
      this.skip(true);
      if (!this.take(",") && this.peek() !== "]") this.fail("has a list that does not end");
    }
  }

  private inline(depth: number): Table {
    const table: Table = new Map();
    this.at += 1;
    this.skip(false);
    if (this.take("}")) return table;
    for (;;) {
      const path = this.key();
      this.expect("=");
      const target = this.tableAt(table, path.slice(0, -1));
      const name = path.at(-1) ?? "";
      if (target.has(name)) this.fail("sets a key twice");
      target.set(name, this.value(depth + 1));
      this.skip(false);
      if (this.take("}")) return table;
      this.expect(",");
    }
  }

  private quoted(): string {
    const quote = this.peek();
    const triple = this.text.startsWith(quote.repeat(3), this.at);
    const end = quote.repeat(triple ? 3 : 1);
    this.at += end.length;
    if (triple && this.peek() === "\n") this.at += 1;
    let value = "";
    while (!this.text.startsWith(end, this.at)) {
      const character = this.peek();
      if (character === "" || (character === "\n" && !triple)) this.fail("has a text that does not end");
      this.at += 1;
      value += character === "\\" && quote === '"' ? this.escaped() : character;
    }
    this.at += end.length;
    return value;
  }

  private escaped(): string {
    const letter = this.peek();
    this.at += 1;
    const length = letter === "u" ? 4 : letter === "U" ? 8 : 0;
    if (length === 0) return ESCAPES[letter] ?? this.fail("has an unknown escape");
    const digits = this.text.slice(this.at, this.at + length);
    const code = /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
    if (digits.length !== length || !(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff))
      this.fail("has an unknown escape");
    this.at += length;
    return String.fromCodePoint(code);
  }

  private scalar(): Json {
    const from = this.at;
    while (this.at < this.text.length && !",]}#\n".includes(this.peek())) this.at += 1;
    const word = this.text.slice(from, this.at).trim();
    if (word === "true" || word === "false") return word === "true";
    if (/^[+-]?\d[\d_]{0,30}(?:\.\d[\d_]{0,30})?(?:[eE][+-]?\d{1,3})?$/.test(word)) {
      const number = Number(word.replaceAll("_", ""));
      return Number.isFinite(number) && (Number.isSafeInteger(number) || word.includes(".")) ? number : word;
    }
    // Dates, times, other bases and numbers without end: two of them are equal when they are written alike.
    return /^[+-]?[0-9A-Za-z][0-9A-Za-z:.+_ -]{0,60}$/.test(word)
      ? word
      : this.fail("has a value that is not understood");
  }

  private skip(lines: boolean): void {
    for (;;) {
      const character = this.peek();
      if (character === " " || character === "\t" || (lines && character === "\n")) this.at += 1;
      else if (character === "#") while (this.at < this.text.length && this.peek() !== "\n") this.at += 1;
      else return;
    }
  }

  private peek(): string {
    return this.text[this.at] ?? "";
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    this.skip(false);
    if (!this.take(character)) this.fail(`wants ${character}`);
    this.skip(false);
  }

  private fail(why: string): never {
    throw new NotRead(`line ${this.text.slice(0, this.at).split("\n").length} ${why}`);
  }
}

function plain(value: Value): Json {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  if (Array.isArray(value)) return value.map((item: Value) => plain(item));
  return value as Json; // a map or list of ours was taken above
}
