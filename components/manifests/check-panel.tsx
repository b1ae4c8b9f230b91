"use client";

import Link from "next/link";

import { Alert } from "@/components/ui/alert";
import { Mono } from "@/components/ui/mono";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";

import { NoteList } from "./note-list";
import { SentenceList } from "./sentence-list";
import type { ManifestCheck } from "./use-manifest-check";

/** What the server makes of the text: its faults with their lines, tools it does not know, and the rules in words. */
export function CheckPanel({ check, onGoTo }: { check: ManifestCheck; onGoTo: (line: number) => void }) {
  const { checked, pending, failed } = check;
  return (
    <div className="grid content-start gap-3">
      <p role="status" className={`min-h-5 ${pending ? "text-muted" : "font-medium"}`}>
        {pending ? "Checking…" : summaryOf(check)}
      </p>
      {failed && <Alert tone="error">{failed}</Alert>}
      {checked && checked.notes.length > 0 && <NoteList notes={checked.notes} onGoTo={onGoTo} />}
      {checked && checked.unknown_tools.length > 0 && <UnknownTools tools={checked.unknown_tools} />}
      {checked && checked.sentences.length > 0 && (
        <div className="grid gap-1">
          <h2 className="text-xs text-muted">In plain words</h2>
          <SentenceList sentences={checked.sentences} onGoTo={onGoTo} />
        </div>
      )}
    </div>
  );
}

function summaryOf({ checked }: ManifestCheck): string {
  if (!checked) return "";
  const count = (severity: string) => checked.notes.filter((note) => note.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  if (errors > 0) return `${errors} ${errors === 1 ? "error" : "errors"}: cannot be published.`;
  return warnings > 0 ? `No errors, ${warnings} ${warnings === 1 ? "warning" : "warnings"}.` : "No faults found.";
}

function UnknownTools({ tools }: { tools: readonly string[] }) {
  return (
    <Alert
      tone="warn"
      title={tools.length === 1 ? "One tool is not in the catalogue" : `${tools.length} tools are not in the catalogue`}
    >
      <p>
        Until they are, each is treated as irreversible with high blast radius, so every call of it waits for a person.
      </p>
      <ul className="mt-1 flex flex-wrap gap-x-4">
        {tools.map((tool) => (
          <li key={tool} className="min-h-6">
            <Mono>
              <VisibleText text={tool} />
            </Mono>{" "}
            <Link href={paths.editTool(tool)} target="_blank" className="link text-xs">
              add to catalogue
            </Link>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
