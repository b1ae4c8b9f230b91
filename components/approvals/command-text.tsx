import { VisibleText } from "@/components/ui/visible-text";
import type { CommandLine, CommandSegment } from "@/lib/core/approvals/part";

import { CommandTree } from "./command-tree";

type CommandTextProps = {
  label: string;
  segments: readonly CommandSegment[];
  facts: readonly string[];
  lines: readonly CommandLine[];
};

/** A command program by program with what is known of each, then in full with what it is made of named as facts. */
export function CommandText({ label, segments, facts, lines }: CommandTextProps) {
  return (
    <div className="grid gap-2">
      {lines.length > 0 && <CommandTree lines={lines} />}
      <div
        role="region"
        aria-label={label}
        tabIndex={0}
        className="relative max-h-[32rem] overflow-auto border-y border-hair bg-surface px-3 py-2"
      >
        <pre className="text-sm break-words whitespace-pre-wrap [overflow-wrap:anywhere]">
          {segments.map((segment, index) =>
            segment.fact === null ? (
              <VisibleText key={index} text={segment.text} />
            ) : (
              <mark
                key={index}
                title={segment.fact}
                className="bg-transparent font-semibold text-text underline decoration-ask decoration-2 underline-offset-2"
              >
                <VisibleText text={segment.text} />
              </mark>
            ),
          )}
        </pre>
      </div>
      {facts.length > 0 && (
        <p>
          <span className="text-muted">Contains: </span>
          {facts.join(" · ")}
        </p>
      )}
    </div>
  );
}
