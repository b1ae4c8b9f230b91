import type { Json } from "@/lib/core/shared/json";

import { type Encoding, jsonNumber, type Message } from "./encoding";
import type { EventFlag } from "./event";
import { TRACE_LIMITS } from "./limits";
import type { Attributes } from "./otlp";
import { ItemRefusal } from "./rejections";

const NUL = "\u0000";
const VISIBLE_NUL = "\\u0000";
const NO_FLAGS: readonly EventFlag[] = Object.freeze([]);

/** 2^63 − 1 nanoseconds: databases hold no later time, and no clock is so wrong by accident. */
export const LATEST_NS = 9_223_372_036_854_775_807n;

/** Keys that reach the prototype of whatever object they are written to. */
export const isBlockedKey = (key: string): boolean =>
  key === "__proto__" || key === "constructor" || key === "prototype";

/** Different keys of one body that are looked up instead of being checked again. */
const KNOWN_KEYS = 4_096;

/** Reads the texts, keys and nested values of one item after the other and spends the limits of each. */
export class ItemReader {
  private found: EventFlag[] | null = null;
  private textsLeft: number = TRACE_LIMITS.texts;
  private valuesLeft: number = TRACE_LIMITS.values;
  /** Spans of one exporter have the same keys; one instance of each makes every later look-up a comparison of pointers. */
  private readonly known = new Map<string, string>();

  constructor(readonly encoding: Encoding) {}

  /** Begins the next item: its limits are whole and it has no flags. */
  start(): void {
    this.found = null;
    this.textsLeft = TRACE_LIMITS.texts;
    this.valuesLeft = TRACE_LIMITS.values;
  }

  flags(): readonly EventFlag[] {
    return this.found ?? NO_FLAGS;
  }

  attributes(message: Message): Attributes {
    const list = this.encoding.list(message.attributes, "attributes");
    refuseMore("too_many_attributes", "attributes", list.length, TRACE_LIMITS.attributes);
    const attributes = new Map<string, Json>();
    for (const pair of list) {
      const key = this.key(this.encoding.text(pair.key));
      const value = this.encoding.message(pair.value);
      if (key !== null && value !== null) attributes.set(key, this.value(value, 0));
    }
    return attributes;
  }

  /** An `AnyValue`; one that says nothing is null. */
  value(any: Message, depth: number): Json {
    const { encoding } = this;
    if (encoding.has(any, "stringValue")) return this.text(encoding.text(any.stringValue));
    if (encoding.has(any, "intValue")) return encoding.integer(any.intValue);
    if (encoding.has(any, "doubleValue")) return jsonNumber(encoding.double(any.doubleValue));
    if (encoding.has(any, "boolValue")) return encoding.bool(any.boolValue);
    if (encoding.has(any, "arrayValue")) return this.array(encoding.message(any.arrayValue), depth);
    if (encoding.has(any, "kvlistValue")) return this.object(encoding.message(any.kvlistValue), depth);
    return encoding.has(any, "bytesValue") ? this.text(encoding.bytes(any.bytesValue)) : null;
  }

  /** A text that a database takes: no U+0000, no half pairs, cut where it is too long. */
  text(value: string): string {
    const longest = Math.min(TRACE_LIMITS.text, this.textsLeft);
    if (value.length <= longest) {
      this.textsLeft -= value.length;
      return this.clean(value);
    }
    this.textsLeft -= longest;
    this.flag("value_cut");
    return this.clean(`${value.slice(0, longest)}… (${value.length - longest} more characters)`);
  }

  name(value: unknown): string {
    const name = this.encoding.text(value);
    if (name.length > TRACE_LIMITS.name) {
      throw new ItemRefusal("name_too_long", `A name has ${name.length} characters; at most ${TRACE_LIMITS.name}.`);
    }
    return this.clean(name);
  }

  /** A value that is JSON already, with the same limits. */
  json(value: unknown, depth: number): Json {
    if (typeof value === "string") return this.text(value);
    if (typeof value === "number") return jsonNumber(value);
    if (typeof value !== "object" || value === null) return value === true || value === false ? value : null;
    this.enter(depth);
    if (Array.isArray(value)) {
      return value.map((item: unknown) => {
        this.spend();
        return this.json(item, depth + 1);
      });
    }
    const object: Record<string, Json> = {};
    const fields = value as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(value)) {
      this.spend();
      const key = this.key(name);
      if (key !== null) object[key] = this.json(fields[name], depth + 1);
    }
    return object;
  }

  private array(message: Message | null, depth: number): Json {
    this.enter(depth);
    const array: Json[] = [];
    for (const value of this.encoding.list(message?.values, "values")) {
      this.spend();
      array.push(this.value(value, depth + 1));
    }
    return array;
  }

  private object(message: Message | null, depth: number): Json {
    this.enter(depth);
    const object: Record<string, Json> = {};
    for (const pair of this.encoding.list(message?.values, "values")) {
      this.spend();
      const key = this.key(this.encoding.text(pair.key));
      const value = this.encoding.message(pair.value);
      if (key !== null) object[key] = value === null ? null : this.value(value, depth + 1);
    }
    return object;
  }

  /** The key, or null if it may not be one. */
  private key(value: string): string | null {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    if (value.length > TRACE_LIMITS.key) {
      throw new ItemRefusal("key_too_long", `A key has ${value.length} characters; at most ${TRACE_LIMITS.key}.`);
    }
    if (isBlockedKey(value)) {
      this.flag("key_blocked");
      return null;
    }
    const key = this.clean(value);
    if (key === value && this.known.size < KNOWN_KEYS) this.known.set(key, key);
    return key;
  }

  private enter(depth: number): void {
    if (depth + 1 < TRACE_LIMITS.depth) return;
    throw new ItemRefusal("too_deep", `A value is nested ${TRACE_LIMITS.depth} levels or deeper.`);
  }

  private spend(): void {
    this.valuesLeft -= 1;
    if (this.valuesLeft >= 0) return;
    throw new ItemRefusal("too_many_values", `More than ${TRACE_LIMITS.values} nested values.`);
  }

  private clean(text: string): string {
    let clean = text;
    if (clean.includes(NUL)) clean = clean.replaceAll(NUL, VISIBLE_NUL);
    if (!this.encoding.wellFormed && !clean.isWellFormed()) clean = clean.toWellFormed();
    if (clean !== text) this.flag("characters_replaced");
    return clean;
  }

  private flag(flag: EventFlag): void {
    if (this.found === null) this.found = [flag];
    else if (!this.found.includes(flag)) this.found.push(flag);
  }
}

/** Refuses an item that has too many of something. */
export function refuseMore(
  code: "too_many_attributes" | "too_many_events" | "too_many_links",
  what: string,
  count: number,
  most: number,
): void {
  if (count > most) throw new ItemRefusal(code, `${count} ${what}; at most ${most}.`);
}
