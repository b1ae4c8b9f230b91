import type { ReactNode } from "react";

import { MessageText } from "@/components/ui/message-text";
import type { ManifestSentence } from "@/lib/core/manifests/check";

type SentenceListProps = {
  sentences: readonly ManifestSentence[];
  /** In an editor: goes to the line. */
  onGoTo?: (line: number) => void;
  /** On a page that shows the text: the address of a line. */
  lineHref?: (line: number) => string;
};

/** A manifest in plain words, rule by rule, each with the line it stands on. */
export function SentenceList({ sentences, onGoTo, lineHref }: SentenceListProps) {
  return (
    <ul aria-label="The manifest in plain words" className="border-b border-hair bg-surface">
      {sentences.map((sentence, index) => (
        <li
          key={index}
          className={`grid grid-cols-[minmax(0,1fr)_auto] gap-3 px-3 py-0.5 ${sentence.inner ? "pl-8" : "border-t border-hair"}`}
        >
          <span className="py-0.5">
            <MessageText text={sentence.text} />
          </span>
          <span className="text-xs">{sentence.line !== null && lineMark(sentence.line, onGoTo, lineHref)}</span>
        </li>
      ))}
    </ul>
  );
}

function lineMark(line: number, onGoTo?: (line: number) => void, lineHref?: (line: number) => string): ReactNode {
  if (onGoTo) {
    return (
      <button
        type="button"
        className="link min-h-6 min-w-6"
        onClick={() => onGoTo(line)}
        aria-label={`Go to line ${line}`}
      >
        {line}
      </button>
    );
  }
  if (!lineHref) return null;
  return (
    <a href={lineHref(line)} className="link inline-block min-h-6 min-w-6 text-right" aria-label={`Line ${line}`}>
      {line}
    </a>
  );
}
