import type { ComponentProps } from "react";

import { VisibleText } from "@/components/ui/visible-text";
import type { TextLine } from "@/lib/core/approvals/part";

const LOOKS = {
  added: { sign: "+", word: "added line", ground: "bg-add-tint", ink: "text-add" },
  removed: { sign: "−", word: "removed line", ground: "bg-del-tint", ink: "text-del" },
  same: { sign: " ", word: "line", ground: "", ink: "text-muted" },
} as const;

/** A text line by line. Signs are real text and each row's header is read out: "removed line 14". */
export function TextDiff({ label, lines }: { label: string; lines: readonly TextLine[] }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="relative max-h-[36rem] overflow-auto border-y border-hair bg-surface"
    >
      <table aria-label={label} className="w-full border-collapse text-left text-sm">
        <thead className="sr-only">
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Text</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <LineRow key={index} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One line of a text, or how many were left out because nothing changes in them. */
export function LineRow({ line, ...rest }: ComponentProps<"tr"> & { line: TextLine }) {
  if (line.kind === "gap") {
    return (
      <tr {...rest} className="border-y border-hair bg-sunk text-xs text-muted">
        <td colSpan={2} className="px-2.5 py-0.5">
          {line.lines.toLocaleString("en-US")} unchanged {line.lines === 1 ? "line" : "lines"}
        </td>
      </tr>
    );
  }
  const { sign, word, ground, ink } = LOOKS[line.kind];
  return (
    <tr {...rest} {...(line.kind !== "same" && { "data-change": "line" })} className={ground}>
      <th
        scope="row"
        className={`w-14 px-2.5 py-0.5 text-right align-top font-mono text-xs leading-5 font-medium whitespace-nowrap ${ink}`}
      >
        <span className="sr-only">
          {word} {line.line}
        </span>
        <span aria-hidden="true">
          {line.line} {sign}
        </span>
      </th>
      <td className="py-0.5 pr-2.5 font-mono text-[0.96em] break-words whitespace-pre-wrap [overflow-wrap:anywhere]">
        {line.segments.map((segment, index) =>
          segment.changed ? (
            <mark
              key={index}
              className={`rounded-xs bg-transparent font-semibold underline decoration-2 underline-offset-2 ${ink}`}
            >
              <VisibleText text={segment.text} />
            </mark>
          ) : (
            <VisibleText key={index} text={segment.text} />
          ),
        )}
        {line.omitted > 0 && (
          <>
            <span className="text-xs font-medium text-ask">
              {" "}
              … {line.omitted.toLocaleString("en-US")} more characters …{" "}
            </span>
            <VisibleText text={line.tail} />
          </>
        )}
      </td>
    </tr>
  );
}
