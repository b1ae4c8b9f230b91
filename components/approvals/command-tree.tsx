import { VisibleText } from "@/components/ui/visible-text";
import type { CommandLine } from "@/lib/core/approvals/part";

const MARKS: Readonly<Record<CommandLine["mark"], string>> = {
  harmless: "Only reads",
  unknown: "Not known",
  destructive: "Destroys",
};

const INDENTS = ["", "ps-4", "ps-8", "ps-12", "ps-16"] as const;

/** What a command runs, one program a line, each marked with what is known of it. */
export function CommandTree({ lines }: { lines: readonly CommandLine[] }) {
  return (
    <ol aria-label="Programs it runs" className="grid gap-1 text-sm">
      {lines.map((line, index) => (
        <li key={index} className={`grid gap-0.5 ${INDENTS[Math.min(line.depth, INDENTS.length - 1)] ?? ""}`}>
          <span className="flex flex-wrap items-baseline gap-2">
            <span className={line.mark === "harmless" ? "text-muted" : "font-semibold"}>{MARKS[line.mark]}</span>
            <code className="[overflow-wrap:anywhere]">
              {line.words.map((word, at) => (
                <span
                  key={at}
                  title={word.isKnown ? undefined : "Decided when it runs"}
                  className={word.isKnown ? "" : "italic"}
                >
                  {at > 0 && " "}
                  <VisibleText text={word.text} />
                </span>
              ))}
            </code>
          </span>
          {(line.why !== "" || line.notes.length > 0 || line.words.some((word) => !word.isKnown)) && (
            <span className="text-muted [overflow-wrap:anywhere]">
              {[
                line.why,
                ...line.notes,
                ...(line.words.some((word) => !word.isKnown) ? ["words in italics are decided when it runs"] : []),
              ]
                .filter((text) => text !== "")
                .join(" · ")}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
