import { structuredPatch } from "diff";

import { VisibleText } from "@/components/ui/visible-text";

type TextDiffProps = { before: string; after: string; beforeName: string; afterName: string };

/** Two texts line by line: a table whose rows say "removed line 14" to whoever cannot see the colours. */
export function TextDiff({ before, after, beforeName, afterName }: TextDiffProps) {
  const { hunks } = structuredPatch(beforeName, afterName, before, after, "", "", { context: 3 });
  const rows = hunks.flatMap((hunk, index) => [...(index > 0 ? [GAP] : []), ...rowsOf(hunk)]);
  const added = rows.filter((row) => row.kind === "added").length;
  const removed = rows.filter((row) => row.kind === "removed").length;
  if (rows.length === 0) return <p className="text-muted">The texts are the same, letter by letter.</p>;
  return (
    <div
      role="region"
      aria-label={`Text of ${beforeName} and ${afterName}`}
      tabIndex={0}
      className="overflow-x-auto border-y border-hair bg-surface"
    >
      <table className="w-full border-collapse font-mono text-xs leading-5">
        <caption className="px-3 py-1 text-left font-sans text-muted">
          {added} {added === 1 ? "line" : "lines"} added, {removed} removed
        </caption>
        <tbody>
          {rows.map((row, index) => (
            <DiffRow key={index} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type DiffLine = { readonly kind: "added" | "removed" | "same" | "gap"; readonly line: number; readonly text: string };

const GAP: DiffLine = { kind: "gap", line: 0, text: "" };
const LOOKS = { added: "bg-add-tint", removed: "bg-del-tint", same: "" } as const;
const SIGNS = { added: "+", removed: "−", same: " " } as const;

function DiffRow({ row: { kind, line, text } }: { row: DiffLine }) {
  if (kind === "gap") {
    return (
      <tr className="bg-sunk text-muted">
        <td colSpan={3} className="px-3">
          …
        </td>
      </tr>
    );
  }
  const sign = kind === "added" ? "text-add" : "text-del";
  return (
    <tr className={LOOKS[kind]}>
      <th
        scope="row"
        className="w-12 px-2 text-right font-normal text-muted"
        aria-label={kind === "same" ? `line ${line}` : `${kind} line ${line}`}
      >
        {line}
      </th>
      <td className={`w-4 font-semibold ${sign}`}>{SIGNS[kind]}</td>
      <td className="px-2 whitespace-pre">
        <VisibleText text={text || " "} />
      </td>
    </tr>
  );
}

function rowsOf(hunk: { oldStart: number; newStart: number; lines: string[] }): DiffLine[] {
  let [old, now] = [hunk.oldStart, hunk.newStart];
  return hunk.lines
    .filter((line) => !line.startsWith("\\"))
    .map((line): DiffLine => {
      const text = line.slice(1);
      if (line.startsWith("-")) return { kind: "removed", line: old++, text };
      old += line.startsWith("+") ? 0 : 1;
      return { kind: line.startsWith("+") ? "added" : "same", line: now++, text };
    });
}
