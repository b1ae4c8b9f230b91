import type { ParameterExpansionPart, Script, Word as Node, WordPart } from "unbash";

import { knownWord, type Word } from "./shell-reading";

/** What reading one text has found so far. */
export type Notes = {
  /** Says that something cannot be relied on. */
  doubt(why: string): void;
  /** Reads the commands of a substitution. */
  inside(script: Script | undefined): void;
  /** Counts one node; throws when a text has too many to be read. */
  count(): void;
};

type Open = { isKnown: boolean; splits: Word["splits"]; isHeadOpen: boolean; head: string };

/** Reads one word: what the program will get, and which commands run to make it. */
export function readWord(node: Node | undefined, notes: Notes): Word {
  notes.count();
  if (node === undefined) return knownWord("");
  const open: Open = { isKnown: true, splits: "never", isHeadOpen: true, head: "" };
  // A tilde becomes a home directory, also after `=` and `:` of what may be an assignment.
  if (node.text.startsWith("~")) Object.assign(open, { isKnown: false, isHeadOpen: false, head: "/" });
  else if (/^[A-Za-z_]\w*=~|:~/.test(node.text)) open.isKnown = false;
  const parts = node.parts ?? [{ type: "Literal" as const, value: node.value }];
  for (const part of parts) readPart(part, { open, notes, isQuoted: false });
  return {
    text: open.isKnown ? node.value : node.text,
    isKnown: open.isKnown,
    head: open.head,
    splits: open.splits,
  };
}

type Part = WordPart | { readonly type: "Literal"; readonly value: string };
type Place = { readonly open: Open; readonly notes: Notes; readonly isQuoted: boolean };

function readPart(part: Part, place: Place): void {
  const { open, notes, isQuoted } = place;
  notes.count();
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      if (open.isHeadOpen) open.head += part.value;
      return;
    case "DoubleQuoted":
    case "LocaleString":
      for (const child of part.parts) readPart(child, { ...place, isQuoted: true });
      if (part.type === "LocaleString") open.isKnown = false;
      return;
    case "Glob":
    case "ExtendedGlob":
      return decided(open, "alike");
    case "BraceExpansion":
      return decided(open, "freely");
    case "SimpleExpansion":
      return decided(open, isQuoted ? "never" : "freely");
    case "ParameterExpansion":
      decided(open, isQuoted && !/[@*]/.test(part.parameter) ? "never" : "freely");
      return readParameter(part, notes);
    case "CommandExpansion":
      notes.inside(part.script);
      return decided(open, isQuoted ? "never" : "freely");
    case "ProcessSubstitution":
      notes.inside(part.script);
      if (open.isHeadOpen && open.head === "") open.head = "/dev/fd/";
      return decided(open, "never");
    case "ArithmeticExpansion":
      // A name in arithmetic is evaluated again, and what it holds may be a substitution.
      if (!/^\$\(\([\d\s+*/%()<>=!&|^?:-]*\)\)$/.test(part.text)) notes.doubt("it calculates with names");
      return decided(open, isQuoted ? "never" : "freely");
  }
}

function decided(open: Open, splits: Word["splits"]): void {
  open.isKnown = false;
  open.isHeadOpen = false;
  if (open.splits !== "freely" && splits !== "never") open.splits = splits;
}

function readParameter({ prefix, index, operation }: ParameterExpansionPart, notes: Notes): void {
  if (prefix === "!") notes.doubt("a variable names another one");
  if (index !== undefined && !/^(?:\d+|[@*])$/.test(index.text)) notes.doubt("it calculates an index");
  if (operation === undefined) return;
  switch (operation.type) {
    case "Default":
      if (!/^:?[-+]$/.test(operation.operator)) notes.doubt("an expansion sets a variable");
      readWord(operation.operand, notes);
      return;
    case "Remove":
      readWord(operation.operand, notes);
      return;
    case "Replace":
      readWord(operation.pattern, notes);
      readWord(operation.replacement, notes);
      return;
    case "CaseModification":
      if (operation.operand !== undefined) readWord(operation.operand, notes);
      return;
    default:
      notes.doubt("an expansion is evaluated again");
  }
}
