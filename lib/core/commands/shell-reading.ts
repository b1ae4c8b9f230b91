/** One word of a command as the grammar reads it. */
export type Word = {
  /** The very text the program gets, where `isKnown`; else the word as it is written. */
  readonly text: string;
  /** False where the shell decides at run time what it says: variables, substitutions, patterns, braces. */
  readonly isKnown: boolean;
  /** What it certainly begins with. */
  readonly head: string;
  /** Whether it may become several words: never, several that all begin with `head` (patterns), or any others. */
  readonly splits: "never" | "alike" | "freely";
};

/** `read`, `write`: a file. `text`: what is written out in a here-document or here-string. `copy`: another descriptor. */
export type Redirect = {
  readonly kind: "read" | "write" | "text" | "copy" | "odd";
  readonly word: Word;
};

/** A variable set before a program, or alone. */
export type Setting = { readonly name: string; readonly value: Word };

/** Where a program's standard input comes from; null for nowhere. */
export type Input =
  | { readonly from: "pipe" }
  | { readonly from: "file"; readonly word: Word }
  | { readonly from: "text"; readonly word: Word };

/** One simple command: a program with its words, or settings and redirections alone. */
export type Program = {
  /** Null where nothing is started: `x=1`, `> file`. */
  readonly name: Word | null;
  readonly words: readonly Word[];
  readonly settings: readonly Setting[];
  readonly redirects: readonly Redirect[];
  readonly input: Input | null;
  /** How many substitutions it stands in. */
  readonly depth: number;
};

/** A command line as a shell takes it apart. */
export type ShellReading = {
  /** Every simple command that may run, those inside substitutions too, in the order they are written. */
  readonly programs: readonly Program[];
  /** Why nothing may be concluded from it; empty where it was read to its end. */
  readonly unclear: readonly string[];
  /** Exactly one simple command: no chain, pipe, substitution or compound around it. */
  readonly isSimple: boolean;
};

/** A word whose text is on the page. */
export const knownWord = (text: string): Word => ({ text, isKnown: true, head: text, splits: "never" });

/** A program with its arguments as a list that no shell takes apart. */
export function programOf([name = "", ...words]: readonly string[]): Program {
  return {
    name: knownWord(name),
    words: words.map(knownWord),
    settings: [],
    redirects: [],
    input: null,
    depth: 0,
  };
}
