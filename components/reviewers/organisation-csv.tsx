"use client";

import { Button } from "@/components/ui/button";
import { saveCsv } from "@/components/ui/save-csv";
import type { Organisation } from "@/lib/core/reviewers/organisation";
import { ORGANISATION_COLUMNS, organisationRows } from "@/lib/core/reviewers/organisation-rows";
import { csvRow } from "@/lib/core/shared/csv";

/** Saves the figures that are shown as CSV, made here from what the page already has. */
export function OrganisationCsv({ shown }: { shown: Organisation }) {
  const save = () => saveCsv("interlock-reviewers.csv", csvOf(shown));
  return <Button onClick={save}>Save as CSV</Button>;
}

function csvOf(shown: Organisation): string {
  const head = [
    csvRow(["# Interlock reviewers", "sums over at least 5 people", "times in UTC"]),
    csvRow(["# from", shown.from.toISOString()]),
    csvRow(["# until", shown.until?.toISOString() ?? ""]),
    csvRow(ORGANISATION_COLUMNS),
  ];
  return [...head, ...organisationRows(shown).map(csvRow)].join("");
}
