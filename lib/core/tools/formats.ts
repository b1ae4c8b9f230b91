import {
  isDate,
  isDateTime,
  isDuration,
  isEmail,
  isHostname,
  isIPv4,
  isIPv6,
  isJsonPointer,
  isRegex,
  isRelativeJsonPointer,
  isTime,
  isUri,
  isUriReference,
  isUriTemplate,
  isUuid,
} from "@hyperjump/json-schema-formats";
import { isIdnHostname } from "idn-hostname";

/** A `format` that is asserted, of texts or of numbers. Every other one is an annotation. */
export type Format =
  | { readonly type: "string"; readonly test: (text: string) => boolean }
  | { readonly type: "number"; readonly test: (number: number) => boolean };

/** Non-ASCII characters RFC 3987 allows wherever RFC 3986 allows a percent-encoded one. */
const IRI_CHARACTER =
  /[\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}\u{10000}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}\u{40000}-\u{4fffd}\u{50000}-\u{5fffd}\u{60000}-\u{6fffd}\u{70000}-\u{7fffd}\u{80000}-\u{8fffd}\u{90000}-\u{9fffd}\u{a0000}-\u{afffd}\u{b0000}-\u{bfffd}\u{c0000}-\u{cfffd}\u{d0000}-\u{dfffd}\u{e1000}-\u{efffd}]/gu;
const asUri = (iri: string) => iri.replaceAll(IRI_CHARACTER, "%41");

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** RFC 1035's longest name, with room for characters that take several of it. */
const MAX_HOSTNAME = 255;

const LEAP_DAYS = ["1998-12-31", "1999-01-01"];

const text = (test: (text: string) => boolean): Format => ({ type: "string", test });
const whole = (least: number, most: number): Format => ({
  type: "number",
  test: (number) => Number.isInteger(number) && number >= least && number <= most,
});
const signed = (bits: number) => whole(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
const unsigned = (bits: number) => whole(0, 2 ** bits - 1);

/** The formats that are asserted: those of JSON Schema as their RFCs say, and what the names of OpenAPI and Rust state. */
export const FORMATS: ReadonlyMap<string, Format> = new Map([
  ["date", text(isDate)],
  // A leap second needs a day that had one: the end of 1998 by UTC, which is the next day east of it.
  ["time", text((time) => isTime(time) || LEAP_DAYS.some((day) => isDateTime(`${day}T${time}`)))],
  ["date-time", text(isDateTime)],
  // The same where the offset may be missing.
  ["iso-time", text((time) => isTime(time) || isTime(`${time}Z`))],
  ["iso-date-time", text((time) => isDateTime(time) || isDateTime(`${time}Z`))],
  ["duration", text(isDuration)],
  ["uri", text(isUri)],
  ["uri-reference", text(isUriReference)],
  ["iri", text((iri) => isUri(asUri(iri)))],
  ["iri-reference", text((iri) => isUriReference(asUri(iri)))],
  ["uri-template", text(isUriTemplate)],
  ["email", text(isEmail)],
  ["idn-email", text(isInternationalEmail)],
  ["hostname", text((name) => isHostname(name) && isInternationalHostname(name))],
  ["idn-hostname", text(isInternationalHostname)],
  ["ipv4", text(isIPv4)],
  ["ipv6", text(isIPv6)],
  ["uuid", text(isUuid)],
  ["json-pointer", text(isJsonPointer)],
  ["relative-json-pointer", text(isRelativeJsonPointer)],
  ["regex", text(isRegex)],
  ["byte", text((value) => BASE64.test(value))],
  ...[8, 16, 32, 64].map((bits): [string, Format] => [`int${bits}`, signed(bits)]),
  ...[8, 16, 32, 64].map((bits): [string, Format] => [`uint${bits}`, unsigned(bits)]),
  ["uint", unsigned(64)],
]);

function isInternationalHostname(name: string): boolean {
  if (name.length > MAX_HOSTNAME || /[.\uff0e\u3002\uff61]$/.test(name)) return false;
  try {
    return isIdnHostname(name);
  } catch {
    // It throws to say which rule a name breaks.
    return false;
  }
}

/** RFC 6531: a local part in any script, and a domain that is an address literal or an international name. */
function isInternationalEmail(address: string): boolean {
  const split = address.lastIndexOf("@");
  const domain = address.slice(split + 1);
  if (!isEmail(`${address.slice(0, Math.max(split, 0)).replaceAll(/[^\0-\x7f]/gu, "a")}@example.com`)) return false;
  return domain.startsWith("[") ? isEmail(`a@${domain}`) : isInternationalHostname(domain);
}
