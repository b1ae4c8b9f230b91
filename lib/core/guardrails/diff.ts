import { ChangeList, demandKind, limitKind, listKind, overallKind } from "@/lib/core/manifests/change";
import type { ChangeNote } from "@/lib/core/manifests/check";
import { type ClassifiedChange, diffBlocked, diffEgress, diffSource } from "@/lib/core/manifests/diff";
import { diffExecution } from "@/lib/core/manifests/diff-execution";
import { diffTool } from "@/lib/core/manifests/diff-tool";
import type { ChangeClass } from "@/lib/core/manifests/versions";

import type { Guardrail, RestrictedTool } from "./schema";

/** A workspace without a guardrail: nothing is taken away. */
const NOTHING: Guardrail = { tools: { blocked: [], restricted: [] } };

/**
 * Classifies a change of the guardrail by meaning: what it no longer takes away widens what every agent may do, and
 * every difference narrows or is neutral only where that can be shown.
 */
export function classifyGuardrail(before: Guardrail | null, after: Guardrail): ClassifiedChange {
  const old = before ?? NOTHING;
  const list = new ChangeList();
  diffBlocked(list, old, after);
  diffRestricted(list, old.tools.restricted, after.tools.restricted);
  diffExecution(list, old, after);
  diffSources(list, old, after);
  diffEgress(list, old, after);
  diffDemands(list, old, after);
  diffLists(list, old, after);
  return { kind: overallKind(list.changes), changes: list.changes };
}

/** What a proposal changes against the guardrail in force: null without one, its `guardrail` null when it cannot be read. */
export function guardrailChange(
  inForce: { readonly guardrail: Guardrail | null } | null,
  proposed: Guardrail,
): { readonly change: ChangeClass; readonly changes: readonly ChangeNote[] } {
  if (inForce === null) return { change: "first", changes: [] };
  const { kind, changes } = classifyGuardrail(inForce.guardrail, proposed);
  // What this version cannot read may have taken away anything.
  return { change: inForce.guardrail === null ? "widening" : kind, changes };
}

type Placed = { readonly entry: RestrictedTool; readonly path: string };

function byName(entries: readonly RestrictedTool[]): ReadonlyMap<string, readonly Placed[]> {
  const named = new Map<string, Placed[]>();
  for (const [index, entry] of entries.entries()) {
    const placed = { entry, path: `/tools/restricted/${index}` };
    const known = named.get(entry.name);
    if (known) known.push(placed);
    else named.set(entry.name, [placed]);
  }
  return named;
}

/** Every entry holds, so one more narrows and one less widens; twins are compared key by key. */
function diffRestricted(list: ChangeList, before: readonly RestrictedTool[], after: readonly RestrictedTool[]): void {
  const old = byName(before);
  const now = byName(after);
  for (const [name, places] of now) {
    const earlier = old.get(name) ?? [];
    for (const [index, { entry, path }] of places.entries()) {
      const twin = earlier[index]?.entry;
      if (twin === undefined) list.add({ path, kind: "narrowing", sentence: `\`${name}\` is now restricted.` });
      else diffEntry(list, path, { before: twin, after: entry });
    }
  }
  for (const [name, places] of old) {
    for (const { path } of places.slice(now.get(name)?.length ?? 0))
      list.add({ path, kind: "widening", sentence: `A restriction of \`${name}\` is gone.` });
  }
}

function diffEntry(
  list: ChangeList,
  path: string,
  { before, after }: { readonly before: RestrictedTool; readonly after: RestrictedTool },
): void {
  diffTool(list, path, { before, after });
  const where = `\`${after.name}\``;
  const timeout = { before: before.approval_timeout_seconds, after: after.approval_timeout_seconds };
  const quorum = { before: before.quorum, after: after.quorum };
  const role = { before: before.approver_role, after: after.approver_role };
  list.compare({ path, key: "approval_timeout_seconds", where }, timeout, limitKind(timeout, "lower"));
  list.compare({ path, key: "quorum", where }, quorum, limitKind(quorum, "higher"));
  list.compare({ path, key: "approver_role", where }, role, demandKind(role));
}

/** What is said of a source limits it, except where a restriction waits for the source to be declared at all. */
function diffSources(list: ChangeList, before: Guardrail, after: Guardrail): void {
  const old = new Map((before.context?.sources ?? []).map((source) => [source.name, source]));
  const now = new Map((after.context?.sources ?? []).map((source) => [source.name, source]));
  const awaited = new Set(before.tools.restricted.flatMap((entry) => entry.sources ?? []));
  for (const [index, source] of (after.context?.sources ?? []).entries()) {
    const path = `/context/sources/${index}`;
    const known = old.get(source.name);
    if (known !== undefined) diffSource(list, path, { before: known, after: source });
    else {
      const kind = awaited.has(source.name) ? "widening" : "narrowing";
      list.add({ path, kind, sentence: `The source \`${source.name}\` is now limited.` });
    }
  }
  for (const [index, { name }] of (before.context?.sources ?? []).entries()) {
    if (now.has(name)) continue;
    const sentence = `The source \`${name}\` is no longer limited.`;
    list.add({ path: `/context/sources/${index}`, kind: "widening", sentence });
  }
}

function diffDemands(list: ChangeList, before: Guardrail, after: Guardrail): void {
  const path = "/approval";
  const timeout = { before: before.approval?.timeout_seconds, after: after.approval?.timeout_seconds };
  const quorum = { before: before.approval?.quorum, after: after.approval?.quorum };
  const apart = { before: before.approval?.separation_of_duties, after: after.approval?.separation_of_duties };
  const gate = { before: before.risk?.require_approval_at, after: after.risk?.require_approval_at };
  list.compare({ path, key: "timeout_seconds" }, timeout, limitKind(timeout, "lower"));
  list.compare({ path, key: "quorum" }, quorum, limitKind(quorum, "higher"));
  list.compare({ path, key: "separation_of_duties" }, apart, demandKind(apart));
  list.compare({ path: "/risk", key: "require_approval_at" }, gate, limitKind(gate, "lower"));
}

function diffLists(list: ChangeList, before: Guardrail, after: Guardrail): void {
  for (const key of ["freezes", "sequences"] as const) {
    const pair = { before: before[key] ?? [], after: after[key] ?? [] };
    list.compare({ path: "", key }, pair, listKind(pair, "superset"));
  }
  const memory = { before: before.memory, after: after.memory };
  list.compare({ path: "", key: "memory" }, memory, demandKind(memory));
  list.compare({ path: "", key: "tests" }, { before: before.tests, after: after.tests }, "neutral");
}
