import { Effect } from "@/lib/core/decisions/schema";
import { asJson } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Json, JsonObject } from "@/lib/core/shared/json";

import type { Display } from "./display";
import { actText } from "./headline-text";
import { jsonParts } from "./json-parts";
import type { Part } from "./part";
import { type RowChange, rowChanges, type RowsEffect } from "./row-diff";
import { listedRows } from "./row-parts";
import { textParts } from "./text-parts";

/** What changed between two requests of an agent for the same action: the difference of two differences. */
export type DisplayDiff = {
  /** "214 → 219 rows", or the two acts where there is no count; null when the headline says the same. */
  readonly headline: string | null;
  /** What else a reviewer saw that is different now, in words. */
  readonly facts: readonly string[];
  readonly parts: readonly Part[];
};

/**
 * Holds what a reviewer was looking at against what the agent asks now (`ux.md` §1, superseded).
 *
 * Rows are held together by their key: which are touched now and were not, which are no longer, and which are touched in
 * another way. Nothing here replaces looking at the new request; it says where to look.
 */
export function displayDiff(before: Display, after: Display): DisplayDiff {
  return {
    headline: headlineChange(before, after),
    facts: factsOf(before, after),
    parts: [...effectChange(effectOf(before), effectOf(after)), ...argumentChange(before.args, after.args)],
  };
}

function effectOf(display: Display): Effect | null {
  const parsed = display.effect === null ? null : Effect.safeParse(display.effect);
  return parsed?.success ? parsed.data : null;
}

function headlineChange(before: Display, after: Display): string | null {
  const [from, to] = [before.headline, after.headline];
  const alike = from.verb === to.verb && from.resource === to.resource && from.unit === to.unit;
  if (alike && from.count === to.count) return null;
  if (alike && from.count !== null && to.count !== null && to.unit !== null)
    return `${from.count.toLocaleString("en-US")} → ${to.count.toLocaleString("en-US")} ${to.unit}`;
  return `${actText(from)} → ${actText(to)}`;
}

function factsOf(before: Display, after: Display): string[] {
  const changed = (label: string, from: string | number | null, to: string | number | null) =>
    from === to ? null : `${label}: ${from ?? "none"} → ${to ?? "none"}`;
  const same = (from: Json, to: Json) => canonicalJson(from) === canonicalJson(to);
  return [
    changed("Risk", `${before.risk.score} ${before.risk.band}`, `${after.risk.score} ${after.risk.band}`),
    changed("Reviews needed", before.terms.quorum, after.terms.quorum),
    changed("Stopped by", before.rule, after.rule),
    changed("Manifest version", before.manifest.version, after.manifest.version),
    before.tool.hash === after.tool.hash ? null : "The tool is defined differently now",
    same(asJson(before.context), asJson(after.context)) ? null : "The agent read other context, or read it again",
    same(before.rationale, after.rationale) ? null : "The agent gives another reason",
  ].filter((fact) => fact !== null);
}

function effectChange(before: Effect | null, after: Effect | null): readonly Part[] {
  if (before === null && after === null) return [];
  if (before?.kind === "rows" && after?.kind === "rows") return rowsChange(before, after);
  if (before?.kind === "text" && after?.kind === "text") return textChange("Text", before, after);
  if (before?.kind === "config" && after?.kind === "config") return textChange("File", before, after);
  if (before?.kind === "command" && after?.kind === "command")
    return changedOnly(textParts("diff-command", "Command, as asked before and now", before.command, after.command));
  // Of two kinds, or of one with none: everything either has.
  const [from, to]: readonly Json[] = [before && asJson(before), after && asJson(after)];
  return changedOnly(jsonParts("diff-effect", "Dry run, as sent before and now", from ?? null, to ?? null));
}

type Sides = { readonly before: string; readonly after: string };

/** What it starts from and what it ends in are two texts, and each may have changed. */
function textChange(noun: string, before: Sides, after: Sides): readonly Part[] {
  return [
    ...changedOnly(textParts("diff-result", `${noun} as it would be, before and now`, before.after, after.after)),
    ...changedOnly(textParts("diff-base", `${noun} it starts from, before and now`, before.before, after.before)),
  ];
}

const argumentChange = (before: JsonObject, after: JsonObject) =>
  changedOnly(jsonParts("diff-arguments", "Arguments, as asked before and now", before, after));

const changedOnly = (parts: readonly Part[]) => parts.filter((part) => part.changes > 0);

function rowsChange(before: RowsEffect, after: RowsEffect): readonly Part[] {
  const [from, to] = [touchedByKey(before), touchedByKey(after)];
  const added: RowChange[] = [];
  const other: RowChange[] = [];
  for (const [key, rows] of to) {
    const known = from.get(key) ?? [];
    const said = known.map(actOf);
    for (const row of rows) {
      const at = said.indexOf(actOf(row));
      if (at >= 0) said.splice(at, 1);
      else (known.length > 0 ? other : added).push(row);
    }
  }
  const gone = [...from].filter(([key]) => !to.has(key)).flatMap(([, rows]) => rows);
  const part = (id: string, title: string, effect: RowsEffect, rows: readonly RowChange[]) =>
    rows.length === 0 ? [] : [listedRows(id, title, effect, rows)];
  return [
    ...part("diff-touched", "Touched now, and not before", after, added),
    ...part("diff-other", "Touched in another way now", after, other),
    ...part("diff-untouched", "No longer touched", before, gone),
  ];
}

/** What happens to a row, so that two that are to suffer the same are the same. */
const actOf = (row: RowChange) => canonicalJson([row.status, row.before, row.after]);

function touchedByKey(effect: RowsEffect): ReadonlyMap<string, readonly RowChange[]> {
  const rows = new Map<string, RowChange[]>();
  for (const row of rowChanges(effect)) {
    if (row.status === "unchanged") continue;
    const key = row.key ?? `row ${actOf(row)}`;
    const alike = rows.get(key);
    if (alike) alike.push(row);
    else rows.set(key, [row]);
  }
  return rows;
}
