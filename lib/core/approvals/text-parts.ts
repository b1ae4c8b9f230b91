import { diffArrays, diffWordsWithSpace } from "diff";

import { clip, counted, type Part, SHOWN, spoken, type TextLine, type TextSegment } from "./part";

const CONTEXT_LINES = 3;
/** Beyond this many edits the two texts have so little in common that all of one and all of the other is shown. */
const MOST_EDITS = 1_000;
const MOST_WORD_EDITS = 300;
const LONGEST_COMPARED_LINE = 2_000;

type Block = { readonly kind: "added" | "removed" | "same"; readonly lines: readonly string[] };

/** The difference of two texts by lines, and within a replaced line by words; unchanged stretches stand as gaps. */
export function textParts(id: string, title: string, before: string, after: string): readonly Part[] {
  const blocks = lineBlocks(linesOf(before), linesOf(after));
  const all = withWords(numbered(blocks));
  const added = all.filter((line) => line.kind === "added").length;
  const removed = all.filter((line) => line.kind === "removed").length;
  const changed = added + removed;
  const folded = foldSame(all);
  const shown = folded.slice(0, SHOWN.lines);
  const why = [
    folded.length > SHOWN.lines && `${SHOWN.lines.toLocaleString("en-US")} of ${counted(folded.length, "line")} shown`,
    shown.some((line) => line.kind !== "gap" && line.omitted > 0) && "long lines are cut",
  ].filter((reason) => reason !== false);
  const onlyEndings = changed === 0 && before !== after;
  return [
    {
      id,
      title: `${title} (${counted(changed, "line")})`,
      summary: onlyEndings
        ? "Only line endings differ"
        : changed === 0
          ? "No change"
          : spoken(changed, "changed line", { added, removed }),
      changes: changed,
      uninspectable: why.length === 0 ? null : why.join("; "),
      body: { kind: "lines", lines: shown },
    },
  ];
}

/** A text's lines without their endings; an ending at the very end starts no further line. */
function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split(/\r\n|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function lineBlocks(before: string[], after: string[]): Block[] {
  // No time limit, which would make the answer depend on the machine: a limit on edits gives the same answer everywhere.
  const changes = diffArrays(before, after, { maxEditLength: MOST_EDITS });
  if (changes === undefined) return [...whole("removed", before), ...whole("added", after)];
  return changes.map((change) => ({
    kind: change.added ? "added" : change.removed ? "removed" : "same",
    lines: change.value,
  }));
}

const whole = (kind: Block["kind"], lines: readonly string[]): Block[] => (lines.length === 0 ? [] : [{ kind, lines }]);

type Line = Exclude<TextLine, { kind: "gap" }>;
type Numbered = {
  readonly kind: Line["kind"];
  readonly line: number;
  readonly text: string;
  segments?: readonly TextSegment[];
};

function numbered(blocks: readonly Block[]): Numbered[][] {
  let oldLine = 0;
  let newLine = 0;
  return blocks.map((block) =>
    block.lines.map((text) => {
      if (block.kind !== "added") oldLine += 1;
      if (block.kind !== "removed") newLine += 1;
      return { kind: block.kind, text, line: block.kind === "removed" ? oldLine : newLine };
    }),
  );
}

/** Marks the words that differ where a block of removed lines is followed by added ones, line against line. */
function withWords(blocks: readonly Numbered[][]): Line[] {
  for (const [index, block] of blocks.entries()) {
    const next = blocks[index + 1];
    if (block[0]?.kind !== "removed" || next?.[0]?.kind !== "added") continue;
    for (const [at, removed] of block.entries()) {
      const added = next[at];
      if (added) markWords(removed, added);
    }
  }
  return blocks.flat().map(({ kind, line, text, segments }) => {
    const { head, omitted, tail } = clip(text, SHOWN.lineChars);
    return { kind, line, omitted, tail, segments: (omitted === 0 && segments) || [{ text: head, changed: false }] };
  });
}

function markWords(removed: Numbered, added: Numbered): void {
  if (removed.text.length > LONGEST_COMPARED_LINE || added.text.length > LONGEST_COMPARED_LINE) return;
  const words = diffWordsWithSpace(removed.text, added.text, { maxEditLength: MOST_WORD_EDITS });
  if (words === undefined) return;
  const kept = words
    .filter((word) => !word.added && !word.removed)
    .reduce((sum, word) => sum + word.value.trim().length, 0);
  // Two lines with nothing in common are not one line edited.
  if (kept * 4 < Math.min(removed.text.length, added.text.length)) return;
  removed.segments = words
    .filter((word) => !word.added)
    .map((word) => ({ text: word.value, changed: word.removed === true }));
  added.segments = words
    .filter((word) => !word.removed)
    .map((word) => ({ text: word.value, changed: word.added === true }));
}

function foldSame(lines: readonly Line[]): TextLine[] {
  const near = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.kind === "same") continue;
    for (let at = index - CONTEXT_LINES; at <= index + CONTEXT_LINES; at += 1) near.add(at);
  }
  const folded: TextLine[] = [];
  let hidden = 0;
  for (const [index, line] of lines.entries()) {
    if (!near.has(index)) {
      hidden += 1;
      continue;
    }
    if (hidden > 0) folded.push({ kind: "gap", lines: hidden });
    hidden = 0;
    folded.push(line);
  }
  if (hidden > 0) folded.push({ kind: "gap", lines: hidden });
  return folded;
}
