import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { RE2JS } from "re2js";

import { ALL, type CodePoints, complement, DIGITS, LINE_ENDS, SPACE, unite, withProperty, WORD } from "./code-points";

/** A pattern ready to use. `size` is what one character of a text costs at most. */
export type Pattern = { readonly size: number; test(text: string): boolean };

const MAX_PROGRAM_SIZE = 5_000;

/** Escapes that mean something else without Unicode mode, so a pattern with one is never read in that mode. */
const UNICODE_ONLY = /\\(?:[pPk]|u\{|u[dD][89a-fA-F])/;

/**
 * Compiles a pattern of JSON Schema: ECMA-262 as written, run by RE2 in linear time.
 *
 * The two dialects differ in what `.`, `\s` and `\S` mean and in dozens of escapes, so a pattern is parsed as ECMA-262 and
 * written for RE2 in code points alone. Throws for a pattern that is not valid or that RE2 cannot run.
 */
export function compilePattern(pattern: string): Pattern {
  const compiled = RE2JS.compile(ofAlternatives(parse(pattern).alternatives));
  const size = compiled.programSize();
  if (size > MAX_PROGRAM_SIZE) throw new Error(`The pattern is too large: ${pattern.slice(0, 80)}`);
  return { size, test: (text) => compiled.test(text) };
}

function parse(pattern: string): AST.Pattern {
  const read = (unicode: boolean) => new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode });
  try {
    return read(true);
  } catch (error) {
    // Needless escapes such as `\-` outside a class are only allowed without Unicode mode; real schemas have them.
    if (!UNICODE_ONLY.test(pattern) && /^[\0-\uffff]*$/u.test(pattern)) return read(false);
    throw error;
  }
}

const ofAlternatives = (alternatives: readonly AST.Alternative[]): string =>
  alternatives.map(({ elements }) => elements.map(ofElement).join("")).join("|");

function ofElement(element: AST.Element): string {
  switch (element.type) {
    case "Character":
      return oneOf([[element.value, element.value]]);
    case "CharacterSet":
      return oneOf(pointsOf(element));
    case "CharacterClass":
      return oneOf(pointsOfClass(element));
    case "CapturingGroup":
      return `(?:${ofAlternatives(element.alternatives)})`;
    case "Group":
      if (element.modifiers !== null) throw unsupported("modifiers such as `(?i:`", element);
      return `(?:${ofAlternatives(element.alternatives)})`;
    case "Quantifier":
      return `(?:${ofElement(element.element)})${times(element)}`;
    case "Assertion":
      if (element.kind === "start") return "^";
      if (element.kind === "end") return "$";
      if (element.kind === "word") return element.negate ? "\\B" : "\\b";
      throw unsupported("lookahead and lookbehind", element);
    case "Backreference":
      throw unsupported("back-references", element);
    case "ExpressionCharacterClass":
      throw unsupported("classes of sets", element);
  }
}

function times({ min, max }: AST.Quantifier): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  return `{${min},${max}}`;
}

function pointsOf(set: AST.CharacterSet): CodePoints {
  switch (set.kind) {
    case "any":
      return complement(LINE_ENDS);
    case "digit":
      return set.negate ? complement(DIGITS) : DIGITS;
    case "space":
      return set.negate ? complement(SPACE) : SPACE;
    case "word":
      return set.negate ? complement(WORD) : WORD;
    case "property": {
      const points = withProperty(set.value === null ? set.key : `${set.key}=${set.value}`);
      return set.negate ? complement(points) : points;
    }
  }
}

function pointsOfClass(characters: AST.CharacterClass): CodePoints {
  const points = unite(characters.elements.flatMap(pointsOfMember));
  return characters.negate ? complement(points) : points;
}

function pointsOfMember(member: AST.CharacterClassElement): CodePoints {
  if (member.type === "Character") return [[member.value, member.value]];
  if (member.type === "CharacterClassRange") return [[member.min.value, member.max.value]];
  if (member.type === "CharacterSet") return pointsOf(member);
  throw unsupported("classes of sets", member);
}

/** A class for RE2. It has none for "no character at all", so that is said as what is not among all. */
function oneOf(points: CodePoints): string {
  const [set, mark] = points.length === 0 ? [ALL, "^"] : [points, ""];
  return `[${mark}${set.map(([first, last]) => `${hex(first)}-${hex(last)}`).join("")}]`;
}

const hex = (point: number) => `\\x{${point.toString(16)}}`;

const unsupported = (what: string, { raw }: { readonly raw: string }) =>
  new Error(`Patterns with ${what} are not supported: ${raw.slice(0, 80)}`);
