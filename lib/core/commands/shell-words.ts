/** One word of a command; `isLiteral` is false where the shell decides at run time what it says: variables, patterns, braces. */
export type Word = { readonly text: string; readonly isLiteral: boolean };

/** One program and its arguments. */
export type SimpleCommand = {
  readonly words: readonly Word[];
  /** Whether it reads what another command writes. */
  readonly readsPipe: boolean;
  /** Files it writes by redirection. */
  readonly writes: readonly Word[];
};

/** A command line as a POSIX shell would take it apart. */
export type ShellReading = {
  /** Every command that would run, those inside substitutions too. */
  readonly commands: readonly SimpleCommand[];
  /** One program with its arguments and nothing else: no chain, pipe, redirection or command inside it. */
  readonly isPlain: boolean;
  /** False for a text that cannot be read to its end: nothing may be concluded from it. */
  readonly isClear: boolean;
};

const MAX_CHARACTERS = 65_536;
const MAX_DEPTH = 16;

type Reader = {
  readonly text: string;
  at: number;
  depth: number;
  readonly commands: SimpleCommand[];
  isPlain: boolean;
  isClear: boolean;
};

type Open = {
  words: Word[];
  writes: Word[];
  readsPipe: boolean;
  /** The word being read; null between words. */
  word: string | null;
  isLiteral: boolean;
  /** A bracket of this word, outside quotes, that makes it a pattern or several words once it is completed. */
  opening: "[" | "{" | null;
  /** Where the next word goes: it is an argument, a file read or a file written. */
  target: "argument" | "read" | "write";
};

/** Takes a command line apart. Total, and linear in its length. */
export function readShell(text: string): ShellReading {
  const reader: Reader = { text, at: 0, depth: 0, commands: [], isPlain: true, isClear: true };
  if (text.length > MAX_CHARACTERS) return { commands: [], isPlain: false, isClear: false };
  readList(reader, null);
  if (reader.at < text.length) reader.isClear = false;
  const isPlain = reader.isPlain && reader.isClear && reader.commands.length <= 1;
  return { commands: reader.commands, isPlain, isClear: reader.isClear };
}

function opened(readsPipe = false): Open {
  return { words: [], writes: [], readsPipe, word: null, isLiteral: true, opening: null, target: "argument" };
}

/** Reads commands up to the character that closes them. */
function readList(reader: Reader, closing: ")" | "`" | null): void {
  let open = opened();
  const end = (readsPipe: boolean) => {
    endWord(open);
    if (open.words.length > 0 || open.writes.length > 0) {
      const { words, writes, readsPipe: piped } = open;
      reader.commands.push({ words, writes, readsPipe: piped });
    }
    open = opened(readsPipe);
  };
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at] ?? "";
    if (character === closing) {
      reader.at += 1;
      end(false);
      return;
    }
    reader.at += 1;
    if (character === " " || character === "\t" || character === "\r") endWord(open);
    else if (character === "#" && open.word === null) skipComment(reader);
    else if (";&|\n()".includes(character)) {
      reader.isPlain = false;
      // A name before a bracket makes a function of that name: what it stands for later is not what it says.
      if (character === "(" && open.word !== null) reader.isClear = false;
      end(character === "|" && reader.text[reader.at] !== "|" && reader.text[reader.at - 2] !== "|");
    } else if (character === "<" || character === ">") readRedirection(reader, open, character);
    else readPiece(reader, open, character);
  }
  if (closing !== null) reader.isClear = false;
  end(false);
}

function endWord(open: Open): void {
  if (open.word === null) return;
  const word = { text: open.word, isLiteral: open.isLiteral };
  if (open.target === "write") open.writes.push(word);
  else if (open.target === "argument") open.words.push(word);
  open.word = null;
  open.isLiteral = true;
  open.opening = null;
  open.target = "argument";
}

function skipComment(reader: Reader): void {
  const end = reader.text.indexOf("\n", reader.at);
  reader.at = end < 0 ? reader.text.length : end;
}

function readRedirection(reader: Reader, open: Open, character: string): void {
  reader.isPlain = false;
  if (reader.text[reader.at] === "(") {
    // `<(…)`: the commands inside run, and the word stands for what they write.
    reader.at += 1;
    open.word ??= "";
    open.isLiteral = false;
    readNested(reader, ")");
    return;
  }
  endWord(open);
  while (/[<>&|]/.test(reader.text[reader.at] ?? "")) reader.at += 1;
  open.target = character === ">" ? "write" : "read";
}

/** A character that belongs to a word, or begins something inside one. */
function readPiece(reader: Reader, open: Open, character: string): void {
  if (character === "\\") {
    const next = reader.text[reader.at] ?? "";
    reader.at += 1;
    // Before a line break it only joins two lines.
    if (next !== "\n") open.word = (open.word ?? "") + next;
    return;
  }
  open.word ??= "";
  if (character === "'") readQuoted(reader, open);
  else if (character === '"') readDoubleQuoted(reader, open);
  else if (character === "`") readSubstitution(reader, open, "`");
  else if (character === "$") readDollar(reader, open);
  else {
    if (isExpanded(reader, open, character)) open.isLiteral = false;
    open.word += character;
  }
}

/** Outside quotes `*`, `?` and `[…]` stand for names of files, and `{a,b}` for several words. */
function isExpanded(reader: Reader, open: Open, character: string): boolean {
  if (character === "[" || character === "{") open.opening = character;
  if (character === "*" || character === "?") return true;
  if (open.opening === "[") return character === "]";
  return open.opening === "{" && (character === "," || (character === "." && reader.text[reader.at] === "."));
}

function readQuoted(reader: Reader, open: Open): void {
  const end = reader.text.indexOf("'", reader.at);
  if (end < 0) reader.isClear = false;
  open.word += reader.text.slice(reader.at, end < 0 ? undefined : end);
  reader.at = end < 0 ? reader.text.length : end + 1;
}

function readDoubleQuoted(reader: Reader, open: Open): void {
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at] ?? "";
    reader.at += 1;
    if (character === '"') return;
    if (character === "\\") {
      const next = reader.text[reader.at] ?? "";
      reader.at += 1;
      open.word += '$`"\\'.includes(next) ? next : next === "\n" ? "" : `\\${next}`;
    } else if (character === "`") readSubstitution(reader, open, "`");
    else if (character === "$") readDollar(reader, open);
    else open.word += character;
  }
  reader.isClear = false;
}

function readDollar(reader: Reader, open: Open): void {
  const next = reader.text[reader.at] ?? "";
  if (next === "(") {
    reader.at += 1;
    readSubstitution(reader, open, ")");
  } else if (next === "{" || next === "'" || /[A-Za-z_0-9@*#?!$-]/.test(next)) {
    // A variable, or a text in escapes: what it says is not on the page.
    open.isLiteral = false;
    open.word += "$";
  } else open.word += "$";
}

function readSubstitution(reader: Reader, open: Open, closing: ")" | "`"): void {
  reader.isPlain = false;
  open.isLiteral = false;
  readNested(reader, closing);
}

function readNested(reader: Reader, closing: ")" | "`"): void {
  if (reader.depth >= MAX_DEPTH) {
    reader.isClear = false;
    reader.at = reader.text.length;
    return;
  }
  reader.depth += 1;
  readList(reader, closing);
  reader.depth -= 1;
}
