import { findAuthorizations, findEmails, findUrlPasswords } from "./addresses";
import { AT_SIGN, DIGIT, HYPHEN, isWordAt, JOINER, kindAt, kindOf, RUN, TIE } from "./characters";
import { decodedRun } from "./decode";
import { findCards, findIbans, findPhones } from "./numbers";
import { findPairs, findPrivateKeys, findSwitches } from "./pairs";
import { findServiceKeys, findShapedKeys } from "./services";
import { type Found, merged, type Span } from "./span";
import { unwrap } from "./unwrap";

/** How many encodings deep a text is followed: Base 64 of Base 64 is, and no further. */
const MOST_LAYERS = 3;
const SHORTEST_SECRET = 8;

/** Names and short values come again and again. What holds nothing is remembered; what holds a secret never is. */
const clean = new Set<string>();
const MOST_REMEMBERED = 10_000;
const LONGEST_REMEMBERED = 100;
const NOTHING: readonly Span[] = [];

/**
 * What is in a text that should not be kept, in order and without overlaps, also where it is wrapped in percent-encoding,
 * escapes, marks that are not drawn, Base 64 or hex. Linear in the text.
 */
export function detect(text: string): readonly Span[] {
  if (text.length < SHORTEST_SECRET || clean.has(text)) return NOTHING;
  const spans: Span[] = [];
  detectInto(text, 0, (span) => spans.push(span));
  if (spans.length > 0) return merged(spans);
  if (text.length <= LONGEST_REMEMBERED) {
    if (clean.size >= MOST_REMEMBERED) clean.clear();
    clean.add(text);
  }
  return NOTHING;
}

function detectInto(text: string, layer: number, found: Found): void {
  if (text.length < SHORTEST_SECRET) return;
  lookAt(text, layer, found);
  let wrapped = unwrap(text);
  let inOriginal: Found = found;
  for (let round = layer; wrapped !== null && round < MOST_LAYERS; round += 1) {
    const { starts, ends, text: plain } = wrapped;
    const outer = inOriginal;
    inOriginal = (span) =>
      outer({
        ...span,
        start: starts[span.start] ?? 0,
        end: ends[span.end - 1] ?? text.length,
      });
    lookAt(plain, round, inOriginal);
    wrapped = unwrap(plain);
  }
}

const LEAST_RUN = 16;
const LEAST_CREDENTIAL = 8;
const LEAST_PHONE_DIGITS = 8;
const LEAST_ACCOUNT_DIGITS = 10;
const [PERIOD, EQUALS, TILDE] = [0x2e, 0x3d, 0x7e];

/** One look over the characters says which detectors have anything to look for. */
function lookAt(text: string, layer: number, found: Found): void {
  let digits = 0;
  let longest = 0;
  let seen = 0;
  let from = 0;
  const { length } = text;
  for (let at = 0; at <= length; at += 1) {
    const kind = at < length ? kindOf(text.charCodeAt(at)) : 0;
    seen |= kind;
    digits += kind & DIGIT;
    if ((kind & RUN) !== 0) continue;
    const run = at - from;
    if (run > longest) longest = run;
    if (run >= LEAST_RUN) lookAtRun(text, from, at, layer, found);
    from = at + 1;
  }
  if ((seen & AT_SIGN) !== 0) {
    findUrlPasswords(text, found);
    findEmails(text, found);
  }
  if ((seen & TIE) !== 0) findPairs(text, found);
  if ((seen & HYPHEN) !== 0) {
    findSwitches(text, found);
    findPrivateKeys(text, found);
  }
  if (digits >= LEAST_PHONE_DIGITS) findPhones(text, found);
  if (digits >= LEAST_ACCOUNT_DIGITS) {
    findCards(text, found);
    findIbans(text, found);
  }
  if (longest >= LEAST_CREDENTIAL && longest < length) findAuthorizations(text, found);
}

/** A run of characters that keys and encoded texts are made of. */
function lookAtRun(text: string, from: number, to: number, layer: number, found: Found): void {
  findServiceKeys(text, from, to, found);
  findTokens(text, from, to, found);
  findShapedKeys(text, from, to, found);
  // The parts that can be encoded texts: between the signs that no alphabet has, each with its padding.
  let start = from;
  for (let at = from; at <= to; at += 1) {
    const code = text.charCodeAt(at);
    if (at < to && code !== PERIOD && code !== TILDE && code !== EQUALS) continue;
    let end = at;
    while (end < to && end - at < 2 && text.charCodeAt(end) === EQUALS) end += 1;
    if (at - start >= LEAST_RUN) lookAtPart(text, start, end, end - start === to - from, layer, found);
    start = Math.max(end, at + 1);
    at = start - 1;
  }
}

function lookAtPart(text: string, start: number, end: number, isRun: boolean, layer: number, found: Found): void {
  if (!isRun) findShapedKeys(text, start, end, found);
  if (layer < MOST_LAYERS && !lookInside(text, start, end, layer, found)) {
    lookInSegments(text, start, end, layer, found);
  }
}

/** Looks into what is encoded; the whole of it is found when anything in it is. False where it is no text. */
function lookInside(text: string, start: number, end: number, layer: number, found: Found): boolean {
  const plain = decodedRun(text.slice(start, end));
  if (plain === null) return false;
  const inside: Span[] = [];
  detectInto(plain, layer + 1, (span) => inside.push(span));
  const [first] = merged(inside);
  if (first) found({ ...first, start, end });
  return true;
}

/** The segments of a path, and what a prefix with a sign of the alphabet is joined to: `id-…`, `v1/…`. */
function lookInSegments(text: string, start: number, end: number, layer: number, found: Found): void {
  let from = start;
  for (let at = start; at <= end; at += 1) {
    if (at < end && (kindAt(text, at) & JOINER) === 0) continue;
    const isWhole = from === start && at === end;
    if (at - from >= LEAST_RUN && !isWhole) lookInside(text, from, at, layer, found);
    from = at + 1;
  }
}

const JWT = /eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,3}/y;

/** JSON Web Tokens, and what Firebase and others make of them. Looked for once in each part of the run. */
function findTokens(text: string, from: number, to: number, found: Found): void {
  const run = text.slice(from, to);
  for (let at = run.indexOf("eyJ"); at >= 0; at = run.indexOf("eyJ", at + 3)) {
    if (isWordAt(run, at - 1) || run[at - 1] === "-" || run[at - 1] === "_") continue;
    JWT.lastIndex = at;
    const match = JWT.exec(run)?.[0];
    if (match === undefined) continue;
    found({ start: from + at, end: from + at + match.length, detector: "jwt", service: null, plain: match });
    at += match.length;
  }
}
