import { lookAlikeOf } from "./confusables";
import { codePointLabel, hiddenName } from "./hidden-characters";
import { skeletonOf } from "./skeleton";
import { asciiHost, isAscii } from "./punycode";

/** A piece of text to draw as it is, or one character to draw as a chip because it cannot be seen. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "hidden"; readonly codePoint: string; readonly name: string };

export type HostWarning = {
  /** The host as the text has it. */
  readonly host: string;
  /** The host that is looked up: `xn--…` for every label that is not ASCII, in lower case. */
  readonly ascii: string;
  readonly reasons: readonly HostReason[];
};

/** `look_alike_case` is a capital I after a small letter, which reads as l: `paypaI.com`. */
export type HostReason = "mixed_scripts" | "non_ascii" | "punycode" | "look_alike_case";

// New lines and tabs are layout; a carriage return is only as part of a line break, alone it overwrites the line.
const HIDDEN =
  /(?![\n\t]|\r\n)[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\u2800]/gu;

/**
 * Cuts agent-controlled text so that a reviewer sees every character of it (`safety.md` T18).
 *
 * Hidden are bidi controls, default ignorables (zero-width, tags, variation selectors, soft hyphen, fillers), control,
 * format, private and unassigned characters, line separators and lone surrogates. Two runtimes with other Unicode
 * versions may disagree on what is unassigned, so this is for showing, never for deciding.
 */
export function visibleSegments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) segments.push({ kind: "text", text: text.slice(from, match.index) });
    const [character] = match;
    segments.push({ kind: "hidden", codePoint: codePointLabel(character), name: hiddenName(character) });
    from = match.index + character.length;
  }
  if (from < text.length) segments.push({ kind: "text", text: text.slice(from) });
  return segments;
}

/** The same in one text, for where nothing can be drawn: a tooltip, a label that is read out. */
export function visibleString(text: string): string {
  return visibleSegments(text)
    .map((segment) => (segment.kind === "text" ? segment.text : `[${segment.codePoint}]`))
    .join("");
}

// What is a letter or symbol by its category and draws nothing: blanks of Braille, hieroglyphs and music, and the place
// of an object.
const DRAWS_NOTHING = /[\p{Default_Ignorable_Code_Point}\u2800\u{13441}\u{13442}\u{1D159}\uFFFC]/u;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/gu;

/**
 * How many characters of a text a reader sees: letters of any script, digits, punctuation and symbols. Spaces, marks
 * without a letter, joiners, fillers, tags, variation selectors, controls and unassigned characters are none.
 */
export function countVisible(text: string): number {
  let count = 0;
  for (const [character] of text.matchAll(SEEN)) if (!DRAWS_NOTHING.test(character)) count += 1;
  return count;
}

export function countHidden(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(HIDDEN)) count += 1;
  return count;
}

/** Ignorable characters belong to the word, or a zero-width space would hide the mixture. */
const WORDS = /[\p{L}\p{M}\p{N}\p{Default_Ignorable_Code_Point}]+/gu;

/** The alphabets whose letters pass for Latin ones, and Latin. */
const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
];

/**
 * Whether one word mixes alphabets that look alike, as `pаypal` with a Cyrillic а does.
 *
 * @source UTS 39 §5.1, for the alphabets that matter here
 */
export function mixedScripts(text: string): boolean {
  if (isAscii(text)) return false;
  for (const [word] of text.matchAll(WORDS)) {
    if (!isAscii(word) && ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1) return true;
  }
  return false;
}

/** What a name, an e-mail address or an id is made of. */
const NAME_LIKE = /[\p{L}\p{M}\p{N}\p{Default_Ignorable_Code_Point}_.@+-]+/gu;
const LONGEST_NAME = 254;

/** A name that may not be the one it reads as; `reads` is what it reads as, null when it mixes alphabets and reads as no other. */
export type NameWarning = { readonly name: string; readonly reads: string | null };

/**
 * The names, e-mail addresses and ids in a text that mix alphabets, or that stand alone and read as an ASCII name
 * letter for letter (`safety.md` T19, UTS 39). A sentence in another alphabet is no name and raises nothing.
 */
export function nameWarnings(text: string): readonly NameWarning[] {
  if (isAscii(text)) return [];
  const alone = !/\s/u.test(text.trim());
  const warnings = new Map<string, NameWarning>();
  for (const [found] of text.matchAll(NAME_LIKE)) {
    const name = trimmed(found);
    if (isAscii(name) || name.length > LONGEST_NAME || warnings.has(name)) continue;
    const reads = readsAs(name);
    const isName = alone || /[@_\d]/.test(name);
    if (mixedScripts(name) || (isName && reads !== null)) warnings.set(name, { name, reads });
  }
  return [...warnings.values()];
}

function readsAs(name: string): string | null {
  const reads = [...name.normalize("NFKC")].map(letterFor).join("");
  return isAscii(reads) && reads !== name ? reads : null;
}

/** The table knows most look-alikes in one case only. */
function letterFor(character: string): string {
  if (isAscii(character)) return character;
  const letter = lookAlikeOf(character);
  const isSmall = character === character.toLowerCase() && character !== character.toUpperCase();
  if (!isSmall) return letter;
  // A capital I and a small l look alike and share an entry; the small letter of such a capital reads as an i.
  return letter.toLowerCase() === "l" && lookAlikeOf(character.toUpperCase()) === letter ? "i" : letter.toLowerCase();
}

/** Letters, digits and what joins them in a host, ideographic full stops included. */
const HOST_LIKE = /[\p{L}\p{M}\p{N}\p{Default_Ignorable_Code_Point}_.。．｡-]+/gu;
const FILE_NAME = /\.(?:csv|docx?|eml|gif|html?|jpe?g|json|pdf|png|pptx?|svg|txt|xlsx?|xml|ya?ml)$/i;
const LONGEST_HOST = 253;

/**
 * The hosts and e-mail domains in a text that may not be what they read as, with what is looked up (`safety.md` T19).
 *
 * After `://` every name counts, after `//` and `@` every dotted one. Elsewhere a dotted word counts only when it could
 * pass for an ASCII host, so that a full stop without a space raises nothing. Each host once, in the order of the text.
 */
export function hostWarnings(text: string): readonly HostWarning[] {
  // Most texts are plain ASCII and need no second look.
  if (isAscii(text) && !/[a-z]I|[xX][nN]--/.test(text)) return [];
  const warnings = new Map<string, HostWarning>();
  for (const match of text.matchAll(HOST_LIKE)) {
    const host = trimmed(match[0]);
    if (host.length > LONGEST_HOST || warnings.has(host)) continue;
    const reasons = hostReasons(host);
    if (reasons.length === 0) continue;
    const before = text.slice(Math.max(0, match.index - 3), match.index);
    if (isHost(host, before, reasons)) warnings.set(host, { host, ascii: asciiHost(host), reasons });
  }
  return [...warnings.values()];
}

function hostReasons(host: string): HostReason[] {
  const reasons: HostReason[] = [];
  if (mixedScripts(host)) reasons.push("mixed_scripts");
  if (!isAscii(host)) reasons.push("non_ascii");
  if (/(?:^|\.)xn--/i.test(host)) reasons.push("punycode");
  if (/[a-z]I/.test(host)) reasons.push("look_alike_case");
  return reasons;
}

function isHost(host: string, before: string, reasons: readonly HostReason[]): boolean {
  if (before === "://") return true;
  const labels = host.split(/[.。．｡]/);
  if (labels.length < 2) return false;
  if (before.endsWith("//") || before.endsWith("@")) return true;
  if (FILE_NAME.test(host) && !reasons.includes("mixed_scripts")) return false;
  // The last label is, or looks like, two or more ASCII letters.
  return /^[a-z]{2,}$/.test(skeletonOf(labels.at(-1) ?? ""));
}

/** Without the dots and hyphens of the sentence around it. By hand: `/[.-]+$/` is quadratic on a long run of them. */
function trimmed(host: string): string {
  const isEdge = (at: number) => host[at] === "." || host[at] === "-";
  let from = 0;
  let to = host.length;
  while (from < to && isEdge(from)) from += 1;
  while (to > from && isEdge(to - 1)) to -= 1;
  return host.slice(from, to);
}
