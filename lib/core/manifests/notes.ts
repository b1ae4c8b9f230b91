import type { Fault } from "@/lib/core/shared/errors";

import type { ManifestNote } from "./check";
import type { LintFinding } from "./lint-finding";

/** Faults of a refused text as notes beside it. */
export function notesOfFaults(faults: readonly Fault[]): ManifestNote[] {
  return faults.map(({ code, message, path, line, column }) => ({
    severity: "error",
    code,
    message,
    fix: null,
    path,
    line: line ?? null,
    column: column ?? null,
  }));
}

/** What lint found as notes beside the text. */
export function notesOfFindings(findings: readonly LintFinding[]): ManifestNote[] {
  return findings.map(({ rule, severity, message, fix, path, line, column }) => ({
    severity,
    code: rule,
    message,
    fix,
    path,
    line: line ?? null,
    column: column ?? null,
  }));
}

/** The errors among the notes as faults, for refusing the text with all of them. */
export function faultsOfNotes(notes: readonly ManifestNote[]): Fault[] {
  return notes
    .filter((note) => note.severity === "error")
    .map(({ code, path, message, line, column }) => ({
      code,
      path,
      message,
      ...(line !== null && { line }),
      ...(column !== null && { column }),
    }));
}
