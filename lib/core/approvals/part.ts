import type { RowStatus } from "./row-diff";

/**
 * What may be looked at on screen. What is longer is cut, says so, and must be downloaded before it is approved. The
 * counts are what a call can hold at all, or nearly: a list is scrolled through, however long.
 */
export const SHOWN = Object.freeze({
  rows: 20_000,
  columns: 30,
  cellChars: 400,
  lines: 50_000,
  lineChars: 4_000,
  paths: 20_000,
  valueChars: 8_000,
  commandChars: 20_000,
});

/** Text as shown: whole, or its two ends with what is left out between them. */
export type Clipped = { readonly head: string; readonly omitted: number; readonly tail: string };

export type CellChange = {
  readonly column: string;
  /** null where the row has no such column on that side. */
  readonly before: Clipped | null;
  readonly after: Clipped | null;
  readonly changed: boolean;
};

export type RowLine = {
  readonly status: RowStatus;
  readonly line: number;
  readonly cells: readonly CellChange[];
  /** Why this row is shown where it is: `largest amount`. */
  readonly flags: readonly string[];
};

export type TextSegment = { readonly text: string; readonly changed: boolean };

export type TextLine =
  | { readonly kind: "gap"; readonly lines: number }
  | {
      readonly kind: "added" | "removed" | "same";
      /** The line's number, from 1, in the text it is in; of an unchanged line, in the text after. */
      readonly line: number;
      readonly segments: readonly TextSegment[];
      /** Characters left out between the segments and the line's end. */
      readonly omitted: number;
      readonly tail: string;
    };

export type PathChange = {
  /** JSON pointer; an item matched by its id stands as `[id=7]`. */
  readonly path: string;
  readonly status: "added" | "removed" | "changed";
  readonly before: Clipped | null;
  readonly after: Clipped | null;
  /** What about it should not have to be found by reading: `open to every address`. */
  readonly flags?: readonly string[];
};

export type CommandSegment = { readonly text: string; readonly fact: string | null };

/** One program of a command, as its grammar reads it. */
export type CommandLine = {
  /** How many programs and substitutions it stands in. */
  readonly depth: number;
  /** A word that is not known is decided when it runs. */
  readonly words: readonly { readonly text: string; readonly isKnown: boolean }[];
  /** Where its input comes from, where its output goes, what is set for it. */
  readonly notes: readonly string[];
  readonly mark: "harmless" | "destructive" | "unknown";
  /** Why, to follow the program; empty where it only reads. */
  readonly why: string;
};

export type ArgumentLine = { readonly path: string; readonly type: string; readonly value: Clipped };

export type PartBody =
  | { readonly kind: "rows"; readonly columns: readonly string[]; readonly rows: readonly RowLine[] }
  | { readonly kind: "lines"; readonly lines: readonly TextLine[] }
  | { readonly kind: "paths"; readonly items: readonly PathChange[] }
  | {
      readonly kind: "command";
      readonly segments: readonly CommandSegment[];
      readonly facts: readonly string[];
      readonly lines: readonly CommandLine[];
    }
  | { readonly kind: "arguments"; readonly items: readonly ArgumentLine[] };

/** One thing to look at before deciding. */
export type Part = {
  /** Stable for one display: what a reviewer's evidence names. */
  readonly id: string;
  readonly title: string;
  /** Read out before anything else: "28 changes: 20 added, 8 removed, 3 flagged". */
  readonly summary: string;
  /** What else to know before reading it; it is not always there. */
  readonly note?: string;
  /** Changed fields, lines or paths: what the time to look grows with. */
  readonly changes: number;
  /** Why not all of it can be seen on screen; null when it can. */
  readonly uninspectable: string | null;
  readonly body: PartBody;
};

/** Lists longer than this are fetched as they are scrolled, and have been viewed when their end was on screen. */
const LONG = 150;

/** The lines of a part, where it is a list of them. */
export function listOf(body: PartBody): readonly unknown[] {
  if (body.kind === "rows") return body.rows;
  if (body.kind === "lines") return body.lines;
  return body.kind === "command" ? [] : body.items;
}

/** Whether a part is too long to be taken in at once. */
export const isLong = (part: Pick<Part, "body">) => listOf(part.body).length > LONG;

/** Cuts `text` to `most` UTF-16 code units, keeping both ends, because the end is where harm hides; splits no character. */
export function clip(text: string, most: number): Clipped {
  if (text.length <= most) return { head: text, omitted: 0, tail: "" };
  const headEnd = onBoundary(text, Math.ceil(most * 0.75));
  const tailStart = onBoundary(text, text.length - Math.floor(most * 0.25));
  return { head: text.slice(0, headEnd), omitted: tailStart - headEnd, tail: text.slice(tailStart) };
}

function onBoundary(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** `1 row`, `1,204 rows`. */
export function counted(count: number | bigint, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${Number(count) === 1 ? "" : "s"}`;
}

/** `12`; `1,000+` where nobody counted further. */
export function countText(count: number, cut: boolean): string {
  return `${count.toLocaleString("en-US")}${cut ? "+" : ""}`;
}

/** "28 changes: 20 added, 8 removed, 3 flagged", leaving out what there is none of. */
export function spoken(total: number, noun: string, kinds: Readonly<Record<string, number>>): string {
  const named = Object.entries(kinds).filter(([, count]) => count > 0);
  const list = named.map(([kind, count]) => `${count.toLocaleString("en-US")} ${kind}`).join(", ");
  return list === "" ? counted(total, noun) : `${counted(total, noun)}: ${list}`;
}
