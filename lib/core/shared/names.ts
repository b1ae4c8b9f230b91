import { z } from "zod";

import { lookAlikeOf } from "./confusables";
import { remembered } from "./remembered";

/**
 * A tool's name, exact to the byte.
 *
 * Stricter than MCP in one point: no dot at either end, where a reader drops it from the name.
 *
 * @source MCP specification 2025-11-25, server/tools, "Tool Names"
 */
export const ToolName = z
  .string()
  .regex(/^(?!\.)[A-Za-z0-9_.-]{1,128}(?<!\.)$/, "1 to 128 of A-Z a-z 0-9 _ . - with no dot at either end");
export type ToolName = z.infer<typeof ToolName>;

/** What people and URLs call an agent: the `id` of its manifest. Case counts. */
export const AgentHandle = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "1 to 100 of A-Z a-z 0-9 . _ - starting with a letter or digit");
export type AgentHandle = z.infer<typeof AgentHandle>;

const EMAIL_LOCAL = /(?![^@]{65})[A-Za-z0-9_][A-Za-z0-9_+'-]*(?:\.[A-Za-z0-9_+'-]+)*/;
const DOMAIN_LABEL = /[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?/;
const TOP_LABEL = /(?=[A-Za-z])[A-Za-z0-9-]{1,62}[A-Za-z0-9]/;
const EMAIL = new RegExp(`^${EMAIL_LOCAL.source}@(?:${DOMAIN_LABEL.source}\\.)+${TOP_LABEL.source}$`);

/**
 * One e-mail address in ASCII, in lower case; two spellings of one mailbox parse to the same text.
 *
 * Much less than RFC 5321 allows: no quoting, comments, routes (`%`, `!`), literals or lists (`safety.md` T83). Nothing
 * is trimmed, and the grammar is checked before the case is folded, because U+212A folds to an ASCII k.
 */
export const EmailAddress = z.string().max(254).regex(EMAIL, "one plain e-mail address").toLowerCase();
export type EmailAddress = z.infer<typeof EmailAddress>;

/** Marks, white space and what is not drawn at all: none of them makes a name a different one. */
const UNSEEN = /[\p{M}\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\s]/gu;

/**
 * A form that names which look alike share: compatibility forms, case, marks, invisible characters, letters of other
 * scripts, 0/o, 1/i/l, rn/m and vv/w make no difference; `_`, `-` and inner dots do.
 *
 * For comparing only, never for showing. Deny rules match skeletons, allow rules match exact bytes (`safety.md` T27).
 *
 * @source UTS 39 §4, made insensitive to case and marks
 */
export const skeletonOf = remembered((text: string): string => {
  let glyphs = "";
  for (const character of text.normalize("NFKD").replace(UNSEEN, "")) {
    glyphs += /\p{Pd}/u.test(character) ? "-" : lookAlikeOf(character);
  }
  const folded = glyphs.toLowerCase().replace(/[i1|]/g, "l").replaceAll("0", "o");
  return trimDots(folded.replaceAll("m", "rn").replaceAll("w", "vv"));
});

/** By hand: `/\.+$/` is quadratic on a long run of dots that does not end the text. */
function trimDots(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text[from] === ".") from += 1;
  while (to > from && text[to - 1] === ".") to -= 1;
  return text.slice(from, to);
}

/** Beyond this a name is no typing mistake, and comparing costs length². */
const LONGEST_COMPARED = 128;

/**
 * The known name somebody most likely meant, for "unknown key, nearest known is …"; null when none is near.
 *
 * Near is at most two edits, or a third of the longer name if that is more, and never the whole of the shorter one.
 * Case is ignored. Ties go to the earlier name.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (name.length > LONGEST_COMPARED) return null;
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const longer = Math.max(name.length, candidate.length);
    const shorter = Math.min(name.length, candidate.length);
    const near = Math.min(Math.max(2, Math.floor(longer / 3)), shorter - 1, least - 1);
    if (candidate.length > LONGEST_COMPARED || longer - shorter > near) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance > near) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

/**
 * The fewest insertions, deletions, replacements and swaps of neighbours between two texts, in UTF-16 code units.
 *
 * The restricted variant (optimal string alignment): nothing is edited twice. Costs a.length × b.length.
 *
 * @source F. J. Damerau, Commun. ACM 7 (1964), 171–176
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const replaced = at(last, column - 1) + (same ? 0 : 1);
      let cost = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY;
