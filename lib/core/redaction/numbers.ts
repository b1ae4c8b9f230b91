import { isDigitAt, isWordAt } from "./characters";
import type { Found } from "./span";

/** First digits and lengths that card networks issue. */
const NETWORKS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^5[1-5]/, [16]],
  [/^2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14, 16]],
  [/^6(?:011|4[4-9]|5)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [16, 18, 19]],
];
const FIRST_DIGITS = new Set("23456");
const MOST_CARD_DIGITS = 19;
const LEAST_CARD_DIGITS = 13;

function isCard(digits: string): boolean {
  return (
    NETWORKS.some(([first, lengths]) => lengths.includes(digits.length) && first.test(digits)) && passesLuhn(digits)
  );
}

/** @source ISO/IEC 7812-1 annex B */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isSecond = false; at >= 0; at -= 1, isSecond = !isSecond) {
    const digit = digits.charCodeAt(at) - 0x30;
    sum += isSecond ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

type Group = { readonly start: number; readonly end: number };

/** A card's worth of digits, whatever single sign is between them. */
const ENOUGH_DIGITS = /\d(?:[ .\u00a0-]?\d){12}/;

/** Card numbers: digits in one piece or in groups with one kind of sign between them, by network, length and check digit. */
export function findCards(text: string, found: Found): void {
  if (!ENOUGH_DIGITS.test(text)) return;
  let at = 0;
  while (at < text.length) {
    if (!isDigitAt(text, at)) {
      at += 1;
      continue;
    }
    const groups = groupsFrom(text, at);
    at = groups.at(-1)?.end ?? at + 1;
    cardsAmong(text, groups, found);
  }
}

/** Digits after a decimal point are a number's, however many there are. */
const isDecimalPart = (text: string, start: number) => text[start - 1] === "." && isDigitAt(text, start - 2);

const MOST_GROUPS = 4_096;

function groupsFrom(text: string, from: number): readonly Group[] {
  const groups: Group[] = [];
  let start = from;
  let separator = "";
  while (groups.length < MOST_GROUPS) {
    let end = start;
    while (isDigitAt(text, end)) end += 1;
    groups.push({ start, end });
    const next = text[end] ?? "";
    const isSeparator = next === " " || next === "-" || next === "." || next === "\u00a0";
    if (!isSeparator || (separator !== "" && next !== separator) || !isDigitAt(text, end + 1)) break;
    separator = next;
    start = end + 1;
  }
  return groups;
}

function cardsAmong(text: string, groups: readonly Group[], found: Found): void {
  for (let first = 0; first < groups.length; first += 1) {
    const start = groups[first]?.start ?? 0;
    if (!FIRST_DIGITS.has(text[start] ?? "") || isWordAt(text, start - 1) || isDecimalPart(text, start)) continue;
    let digits = "";
    for (let last = first; last < groups.length && digits.length < MOST_CARD_DIGITS; last += 1) {
      const group = groups[last];
      if (group === undefined || group.end - group.start > MOST_CARD_DIGITS) break;
      digits += text.slice(group.start, group.end);
      if (digits.length < LEAST_CARD_DIGITS || isWordAt(text, group.end)) continue;
      if (digits.length > MOST_CARD_DIGITS || !isCard(digits)) continue;
      found({
        start,
        end: group.end,
        detector: "card",
        service: null,
        plain: digits,
      });
      first = last;
      break;
    }
  }
}

/** Lengths of the IBANs of each country that has them. @source SWIFT IBAN registry, release 99 */
const IBAN_LENGTHS = new Map<string, number>();
for (const [length, countries] of [
  [15, "NO"],
  [16, "BE"],
  [18, "DK FI FO GL NL SD FK"],
  [19, "MK SI"],
  [20, "AT BA EE KZ LT LU XK MN"],
  [21, "CH HR LI LV"],
  [22, "BG BH CR DE GB GE IE ME RS VA"],
  [23, "AE GI IL IQ OM TL SO"],
  [24, "AD CZ ES MD PK RO SA SE SK TN VG"],
  [25, "LY PT ST"],
  [26, "IS TR"],
  [27, "BI DJ FR GR IT MC MR SM"],
  [28, "AL AZ BY CY DO GT HN HU LB NI PL SV"],
  [29, "BR EG PS QA UA"],
  [30, "JO KW MU YE"],
  [31, "MT SC"],
  [32, "LC"],
  [33, "RU"],
] as const) {
  for (const country of countries.split(" ")) IBAN_LENGTHS.set(country, length);
}

const IBAN_START = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])/g;

/** IBANs, with or without spaces, by the country's length and the check digits. */
export function findIbans(text: string, found: Found): void {
  for (const { 0: head, index } of text.matchAll(IBAN_START)) {
    const length = IBAN_LENGTHS.get(head.slice(0, 2).toUpperCase());
    if (length === undefined) continue;
    let plain = "";
    let end = index;
    while (plain.length < length && end < text.length) {
      const isGap = (text[end] === " " || text[end] === "-") && plain.length % 4 === 0;
      if (!isGap && !isWordAt(text, end)) break;
      if (!isGap) plain += text[end];
      end += 1;
    }
    plain = plain.toUpperCase();
    if (plain.length === length && !isWordAt(text, end) && passesMod97(plain)) {
      found({ start: index, end, detector: "iban", service: null, plain });
    }
  }
}

/** @source ISO 7064 MOD 97-10 */
function passesMod97(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** `+` and a country, digits in groups; or three groups as North America writes them. */
const PHONE =
  /(?<![A-Za-z0-9+])\+[1-9](?:[ .\-/()\u00a0]{0,2}\d){7,14}(?![A-Za-z0-9])|(?<![A-Za-z0-9+(.-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![A-Za-z0-9-])/g;

/** Phone numbers as they are written for others: with the country, or in North American groups. */
export function findPhones(text: string, found: Found): void {
  for (const { 0: match, index } of text.matchAll(PHONE)) {
    found({
      start: index,
      end: index + match.length,
      detector: "phone",
      service: null,
      plain: phoneOf(match),
    });
  }
}

/** A phone number in one spelling: `+` and digits. */
export function phoneOf(written: string): string {
  const digits = written.replace(/\D/g, "");
  return written.trim().startsWith("+") || digits.length !== 10 ? `+${digits}` : `+1${digits}`;
}
