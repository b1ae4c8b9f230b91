import {
  type Assignment,
  type Command,
  type CompoundList,
  parse,
  type ParsedScript,
  type Redirection,
  type Script,
  type Statement,
  type TestExpression,
} from "unbash";

import { hasOddCharacters } from "@/lib/core/shared/odd-characters";

import { type Notes, readWord } from "./read-word";
import {
  type Input,
  knownWord,
  type Program,
  type Redirect,
  type Setting,
  type ShellReading,
  type Word,
} from "./shell-reading";

/** A longer text is no command a person could check. */
export const MAX_CHARACTERS = 16_384;
const MAX_NODES = 20_000;
const MAX_DEPTH = 60;
/** Each is read again for every one it stands in. */
const MAX_SUBSTITUTIONS = 100;
const SUBSTITUTIONS = /[$<>]\(|`|\$\{/g;
const MAX_TEXTS = 8;

/**
 * Takes a command line apart by the grammar of bash. Total: what cannot be read is `unclear`.
 *
 * The shell that runs it may be a plain POSIX one, to which `$'…'` is a dollar sign before a quoted text. Where a text
 * holds such quotes it is read that way too, and everything that either reading runs is in the answer.
 *
 * @source POSIX.1-2024 XCU 2, and the bash manual for what it adds
 */
export function readShell(text: string): ShellReading {
  const reading = readAs(text);
  if (reading.unclear.length > 0 || !/\$['"]/.test(text)) return reading;
  const plain = readAs(withPlainDollars(text));
  if (plain.unclear.length === 0) {
    return {
      programs: [...reading.programs, ...plain.programs],
      unclear: [],
      isSimple: reading.isSimple && plain.isSimple,
    };
  }
  // A plain shell refuses one line that it cannot read; of several it has run the first by then.
  return text.includes("\n") ? { ...reading, unclear: ["another shell reads its quotes differently"] } : reading;
}

function readAs(text: string): ShellReading {
  if (text.length > MAX_CHARACTERS) return unread("it is too long");
  if ((text.match(SUBSTITUTIONS)?.length ?? 0) > MAX_SUBSTITUTIONS) return unread("it holds too many substitutions");
  if (hasOddCharacters(text)) return unread("it holds characters that are not what they look like");
  const reader = new Reader();
  try {
    const script = parse(text);
    reader.script(script, TOP);
    return { programs: reader.programs, unclear: reader.doubts, isSimple: isSimple(script, reader.programs) };
  } catch {
    // The parser stops at a nesting no person writes; so do our own limits.
    return { programs: reader.programs, unclear: [...reader.doubts, "it is nested too deeply"], isSimple: false };
  }
}

/** The same text with a backslash before each dollar sign that stands before a quote and has none yet. */
const withPlainDollars = (text: string) =>
  text.replaceAll(/(\\*)\$(?=['"])/g, (whole, escapes: string) => (escapes.length % 2 === 0 ? `${escapes}\\$` : whole));

const unread = (why: string): ShellReading => ({ programs: [], unclear: [why], isSimple: false });

function isSimple({ commands }: Script, programs: readonly Program[]): boolean {
  const [only] = commands;
  return commands.length === 1 && only?.command.type === "Command" && programs.length === 1;
}

/** What surrounds a command. */
type Around = { readonly isPiped: boolean; readonly redirects: readonly Redirect[]; readonly depth: number };

const TOP: Around = { isPiped: false, redirects: [], depth: 0 };

class Reader {
  readonly programs: Program[] = [];
  readonly doubts: string[] = [];
  private nodes = 0;
  private nesting = 0;

  script(script: ParsedScript | undefined, around: Around): void {
    if (script === undefined) return this.doubt("a substitution cannot be read");
    if (script.errors !== undefined && script.errors.length > 0) this.doubt("it is not complete");
    if (script.shebang !== undefined) this.doubt("it names its own interpreter");
    for (const statement of script.commands) this.statement(statement, around);
  }

  private doubt(why: string): void {
    if (this.doubts.length < MAX_TEXTS && !this.doubts.includes(why)) this.doubts.push(why);
  }

  private count(): void {
    this.nodes += 1;
    if (this.nodes > MAX_NODES) throw new RangeError("too many nodes");
  }

  private notes(depth: number): Notes {
    return {
      doubt: (why) => this.doubt(why),
      count: () => this.count(),
      inside: (script) => this.script(script, { ...TOP, depth: depth + 1 }),
    };
  }

  private statement({ background, command }: Statement, around: Around): void {
    if (background === true) this.doubt("it starts something in the background");
    this.node(command, around);
  }

  private list({ commands }: CompoundList, around: Around): void {
    for (const statement of commands) this.statement(statement, around);
  }

  private node(node: Statement["command"], around: Around): void {
    this.count();
    this.nesting += 1;
    if (this.nesting > MAX_DEPTH) throw new RangeError("too deep");
    this.readNode(node, around);
    this.nesting -= 1;
  }

  private readNode(node: Statement["command"], around: Around): void {
    const notes = this.notes(around.depth);
    switch (node.type) {
      case "Command":
        return this.command(node, around);
      case "AndOr":
        for (const command of node.commands) this.node(command, around);
        return;
      case "Pipeline":
        for (const [index, command] of node.commands.entries())
          this.node(command, { ...around, isPiped: index > 0 || around.isPiped });
        return;
      case "Redirected": {
        const redirects = node.redirects.map((redirect) => this.redirect(redirect, notes));
        return this.node(node.command, { ...around, redirects: [...around.redirects, ...redirects] });
      }
      case "Subshell":
      case "BraceGroup":
        return this.list(node.body, around);
      case "If":
        for (const one of [node, ...node.elif]) {
          this.list(one.clause, around);
          this.list(one.then, around);
        }
        if (node.else !== undefined) this.list(node.else, around);
        return;
      case "For":
        if (!isPlainName(node.name.text)) this.doubt("a loop sets a variable of the system");
        for (const word of node.wordlist ?? []) readWord(word, notes);
        return this.list(node.body, around);
      case "While":
        this.list(node.clause, around);
        return this.list(node.body, around);
      case "Case":
        readWord(node.word, notes);
        for (const item of node.items) {
          for (const pattern of item.pattern) readWord(pattern, notes);
          this.list(item.body, around);
        }
        return;
      case "TestCommand":
        return this.test(node.expression, notes);
      default:
        this.doubt(CONSTRUCTS[node.type] ?? "it holds a construct that is not read here");
    }
  }

  private command({ name, prefix, suffix }: Command, around: Around): void {
    const notes = this.notes(around.depth);
    const settings: Setting[] = [];
    const redirects: Redirect[] = [];
    const words: Word[] = [];
    for (const one of prefix) {
      if (one.type === "Assignment") settings.push(this.setting(one, notes));
      else redirects.push(this.redirect(one, notes));
    }
    // Its place in the list is before what its substitutions run: people read it first.
    const at = this.programs.length;
    const program = name === undefined ? null : readWord(name, notes);
    for (const one of suffix) {
      if (one.type === "Word") words.push(readWord(one, notes));
      else if (one.type !== "Assignment") redirects.push(this.redirect(one, notes));
      else {
        // `make CC=x`: to a program an argument as any other, to `export` and its like a setting.
        const { value } = this.setting(one, notes);
        const isKnown = value.isKnown && one.index === undefined && one.append !== true;
        words.push({
          text: isKnown ? `${one.name}=${value.text}` : one.text,
          isKnown,
          head: `${one.name}=`,
          splits: "never",
        });
      }
    }
    const all = [...around.redirects, ...redirects];
    const input = all.reduce<Input | null>(inputOf, around.isPiped ? { from: "pipe" } : null);
    this.programs.splice(at, 0, { name: program, words, settings, redirects: all, input, depth: around.depth });
  }

  private setting({ name, value, index }: Assignment, notes: Notes): Setting {
    if (index !== undefined) this.doubt("it calculates an index");
    if (value.type === "ArrayValue") {
      for (const element of value.elements) readWord(element, notes);
      return { name, value: { text: "", isKnown: false, head: "", splits: "freely" } };
    }
    return { name, value: readWord(value, notes) };
  }

  private redirect(redirect: Redirection, notes: Notes): Redirect {
    this.count();
    if (redirect.descriptor?.type === "FileDescriptorVariable") this.doubt("it opens a file under a variable's name");
    if (redirect.type === "HereDoc") {
      if (redirect.closing === undefined) this.doubt("a here-document is not closed");
      const { text, parts } = redirect.body;
      if (parts === undefined) return { kind: "text", word: knownWord(text) };
      const word = readWord({ type: "Word", text, value: text, pos: 0, end: text.length, parts }, notes);
      return { kind: "text", word };
    }
    const word = readWord(redirect.target, notes);
    if (redirect.type === "HereString") return { kind: "text", word };
    const { operator } = redirect;
    if (operator === "<") return { kind: "read", word };
    if (operator === "<&" || operator === ">&") {
      if (word.isKnown && /^(?:\d|-|\d-)$/.test(word.text)) return { kind: "copy", word };
      return { kind: operator === "<&" ? "odd" : "write", word };
    }
    return { kind: operator === "<>" ? "odd" : "write", word };
  }

  private test(expression: TestExpression, notes: Notes): void {
    this.count();
    switch (expression.type) {
      case "TestUnary":
        if (/^-[vR]$/.test(expression.operator)) this.doubt("it tests a name that is evaluated");
        readWord(expression.operand, notes);
        return;
      case "TestBinary": {
        const sides = [readWord(expression.left, notes), readWord(expression.right, notes)];
        const isNumeric = /^-(?:eq|ne|lt|le|gt|ge)$/.test(expression.operator);
        if (isNumeric && !sides.every(({ isKnown, text }) => isKnown && /^-?\d+$/.test(text)))
          this.doubt("it calculates with names");
        // To a plain shell `[[ a > b ]]` writes a file.
        if (/^[<>]$/.test(expression.operator)) this.doubt("another shell writes a file here");
        return;
      }
      case "TestLogical":
        // To a plain shell `[[ a || rm x ]]` runs `rm`.
        return this.doubt("another shell runs what is compared here");
      case "TestNot":
        return this.test(expression.operand, notes);
      case "TestGroup":
        return this.test(expression.expression, notes);
    }
  }
}

const CONSTRUCTS: Readonly<Record<string, string>> = {
  Function: "it defines a function",
  Coproc: "it starts something in the background",
  Select: "it asks the person at the keyboard",
  ArithmeticFor: "it calculates with names",
  ArithmeticCommand: "it calculates with names",
};

function inputOf(input: Input | null, { kind, word }: Redirect): Input | null {
  if (kind === "read") return { from: "file", word };
  return kind === "text" ? { from: "text", word } : input;
}

/** Names of the system's own variables are written in capitals. */
export const isPlainName = (name: string) => /^[a-z_][a-z0-9_]{0,30}$/.test(name);
