"use client";

import { MessageText } from "@/components/ui/message-text";
import { VisibleText } from "@/components/ui/visible-text";
import type { ManifestNote, NoteSeverity } from "@/lib/core/manifests/check";

const LOOKS: Record<NoteSeverity, { readonly word: string; readonly mark: string; readonly tone: string }> = {
  error: { word: "Error", mark: "■", tone: "text-deny" },
  warning: { word: "Warning", mark: "▲", tone: "text-ask" },
  info: { word: "Note", mark: "○", tone: "text-muted" },
  hint: { word: "Hint", mark: "○", tone: "text-muted" },
};

type NoteListProps = { notes: readonly ManifestNote[]; onGoTo: (line: number) => void };

/** What is wrong or worth a look, each with the line it is about; a click goes there. */
export function NoteList({ notes, onGoTo }: NoteListProps) {
  return (
    <ul aria-label="Findings" className="divide-y divide-hair border-y border-hair bg-surface">
      {notes.map((note, index) => (
        <li key={index} className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-0.5 px-3 py-1.5">
          <span className={`font-medium ${LOOKS[note.severity].tone}`}>
            <span aria-hidden="true">{LOOKS[note.severity].mark}</span> {LOOKS[note.severity].word}
          </span>
          <div className="grid min-w-0 gap-0.5">
            <p>
              <MessageText text={note.message} />
              {note.fix && (
                <span className="text-muted">
                  {" "}
                  <MessageText text={note.fix} />
                </span>
              )}
            </p>
            <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
              {note.line !== null && <GoTo line={note.line} column={note.column} onGoTo={onGoTo} />}
              <span className="font-mono [overflow-wrap:anywhere]">
                {note.code} <VisibleText text={note.path} />
              </span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function GoTo({ line, column, onGoTo }: { line: number; column: number | null; onGoTo: (line: number) => void }) {
  return (
    <button
      type="button"
      onClick={() => onGoTo(line)}
      className="link min-h-6 min-w-6 text-left pointer-coarse:min-h-11"
    >
      line {line}
      {column !== null && `, column ${column}`}
    </button>
  );
}
