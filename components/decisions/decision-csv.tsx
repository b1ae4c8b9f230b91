"use client";

import { Button } from "@/components/ui/button";
import { saveCsv } from "@/components/ui/save-csv";
import { csvRow } from "@/lib/core/shared/csv";
import type { DecisionItem } from "@/lib/core/runs/decision";

type DecisionCsvProps = {
  decisions: readonly DecisionItem[];
  /** The filters in force, written into the file's first lines. */
  filters: readonly (readonly [name: string, value: string])[];
};

const COLUMNS = [
  "id",
  "at",
  "verdict",
  "agent",
  "tool",
  "rule",
  "reason",
  "risk_score",
  "risk_band",
  "session",
  "run",
  "step",
  "approval_id",
  "outcome",
];

/** Saves what is shown as CSV, made here from what the page already has. */
export function DecisionCsv({ decisions, filters }: DecisionCsvProps) {
  const save = () => saveCsv("interlock-decisions.csv", csvOf(decisions, filters));
  return (
    <Button onClick={save} {...(decisions.length === 0 && { disabledReason: "Nothing is shown." })}>
      Save as CSV
    </Button>
  );
}

function csvOf(decisions: readonly DecisionItem[], filters: DecisionCsvProps["filters"]): string {
  const head = [
    csvRow(["# Interlock decisions", `${decisions.length} shown`, "times in UTC"]),
    ...filters.map(([name, value]) => csvRow([`# ${name}`, value])),
    csvRow(COLUMNS),
  ];
  const rows = decisions.map((d) =>
    csvRow([
      d.id,
      d.at.toISOString(),
      d.verdict,
      d.agent,
      d.tool,
      d.rule,
      d.reason,
      d.score,
      d.band,
      d.session,
      d.run,
      d.step,
      d.approval_id,
      d.outcome,
    ]),
  );
  return [...head, ...rows].join("");
}
