import { bytesOfBase64 } from "@/lib/core/shared/base64";

import type { Encoding, Message } from "./encoding";
import { LATEST_NS } from "./item-reader";
import { ItemRefusal } from "./rejections";

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
/** Digits of 2^64. */
const LONGEST = 20;

/** OTLP's JSON: proto3's mapping, but ids in hex. null means absent, and numbers may be text. @source OTLP 1.7 */
export const JSON_ENCODING: Encoding = {
  wellFormed: false,
  text: (value) => {
    if (value === undefined || value === null) return "";
    return typeof value === "string" ? value : refuse("a text");
  },
  id: (value) => {
    if (value === undefined || value === null) return "";
    return typeof value === "string" && isHex(value) ? value.toLowerCase() : refuse("an id in hex");
  },
  time: (value) => {
    if (value === undefined || value === null || value === "") return "0";
    const digits = typeof value === "number" ? wholeText(value) : value;
    if (typeof digits !== "string" || !isDecimal(digits) || digits.startsWith("-")) {
      throw new ItemRefusal("time_invalid", "A time is not a whole number of nanoseconds.");
    }
    const ns = BigInt(digits);
    if (ns > LATEST_NS) throw new ItemRefusal("time_invalid", "A time is after the year 2262.");
    return ns.toString();
  },
  integer: (value) => {
    const number = typeof value === "string" && isDecimal(value) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isInteger(number)) {
      throw new ItemRefusal("number_invalid", "An integer is not a whole number.");
    }
    if (Number.isSafeInteger(number)) return number;
    return BigInt(typeof value === "string" ? value : number).toString();
  },
  double: (value) => {
    if (typeof value === "number") return value;
    if (value === "NaN") return Number.NaN;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) throw new ItemRefusal("number_invalid", "A double is not a number.");
    return number;
  },
  bool: (value) =>
    value === undefined || value === null ? false : typeof value === "boolean" ? value : refuse("true or false"),
  bytes: (value) => {
    // Either alphabet, with or without padding, is proto3's JSON.
    const text = typeof value === "string" ? value.replaceAll("-", "+").replaceAll("_", "/") : refuse("Base 64");
    const bare = text.endsWith("=") ? text.slice(0, text.indexOf("=")) : text;
    const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
    return bytesOfBase64(padded) === null ? refuse("Base 64") : padded;
  },
  choice: (value, names) => {
    if (value === undefined || value === null) return 0;
    if (typeof value === "string") return names[value] ?? (isDecimal(value) ? Number(value) : 0);
    return typeof value === "number" && Number.isInteger(value) ? value : refuse("a number or a name");
  },
  list: (value, field) => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return messagesOf(value);
    if (field !== "attributes") return refuse(`a list of ${field}`);
    throw new ItemRefusal("attributes_not_a_list", 'Attributes are an object; OTLP has a list of {"key", "value"}.');
  },
  message: (value) => (value === undefined || value === null ? null : messageOf(value)),
  has: (message, field) => message[field] !== undefined && message[field] !== null && Object.hasOwn(message, field),
};

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const messageOf = (value: unknown): Message => (isMessage(value) ? value : refuse("an object"));

const messagesOf = (values: readonly unknown[]): readonly Message[] =>
  values.every(isMessage) ? values : refuse("a list of objects");

function refuse(expected: string): never {
  throw new ItemRefusal("malformed", `Expected ${expected}.`);
}

/** An integer of JSON without an exponent; 1e20 and more is nobody's time. */
const wholeText = (value: number): string => (Number.isInteger(value) && value < 1e20 ? BigInt(value).toString() : "");

export function isDecimal(text: string): boolean {
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (text.length === first || text.length > LONGEST + first) return false;
  for (let at = first; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return false;
  }
  return true;
}

function isHex(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at) | 0x20;
    const digit = code >= ZERO && code <= NINE;
    if (!digit && !(code >= 0x61 && code <= 0x66)) return false;
  }
  return true;
}
