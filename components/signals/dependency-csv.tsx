"use client";

import { Button } from "@/components/ui/button";
import { saveCsv } from "@/components/ui/save-csv";
import { csvRow } from "@/lib/core/shared/csv";
import type { DependencyLimits, ShownDependency } from "@/lib/core/tools/dependency";

type DependencyCsvProps = { dependencies: readonly ShownDependency[]; limits: DependencyLimits };

const COLUMNS = [
  "system",
  "state",
  "until",
  "failures_in_a_row",
  "agents",
  "since",
  "failed_at",
  "refused_24h",
  "tools",
  "tool_count",
];

/** Saves the dependencies as CSV, made here from what the page already has. */
export function DependencyCsv({ dependencies, limits }: DependencyCsvProps) {
  const save = () => saveCsv("interlock-dependencies.csv", csvOf(dependencies, limits));
  return <Button onClick={save}>Save as CSV</Button>;
}

function csvOf(dependencies: readonly ShownDependency[], limits: DependencyLimits): string {
  const { failures, cool_down_seconds: seconds } = limits;
  const head = csvRow([
    "# Interlock dependencies",
    `held back after ${failures} failures for ${seconds} s`,
    "times in UTC",
  ]);
  const rows = dependencies.map((d) =>
    csvRow([
      d.name,
      d.state,
      d.until?.toISOString() ?? null,
      d.failures,
      d.agents,
      d.since?.toISOString() ?? null,
      d.failed_at?.toISOString() ?? null,
      d.refused,
      d.tools.join(" "),
      d.tool_count,
    ]),
  );
  return [head, csvRow(COLUMNS), ...rows].join("");
}
