import { DEFAULT_WEIGHTS } from "@/lib/core/decisions/risk-weights";

import { classOf, rowsOf, type World } from "./reference-world";

/** The highest the risk can be, by what is known and what is not: what `require_approval_at` gates on. */
export function referenceRisk(world: World): number {
  const { manifest, guardrail, entries, restrictions, call, facts } = world;
  const weights: Record<string, number | undefined> = { ...DEFAULT_WEIGHTS, ...manifest.risk?.weights };
  const points = (name: string, share: number) => Math.round((weights[name] ?? 0) * share);
  const { reversibility, blastRadius } = classOf(world);
  let risk =
    points("reversibility", { read: 0, reversible: 0.25, partially_reversible: 0.6, irreversible: 1 }[reversibility]) +
    points("blast_radius", { none: 0, low: 0.25, medium: 0.5, high: 1 }[blastRadius]) +
    points("environment", { development: 0, staging: 0.25, production: 1 }[facts.agent.environment]);
  if (call.effect === null && (reversibility === "partially_reversible" || reversibility === "irreversible"))
    risk += points("no_dry_run", 1);
  risk += mismatch(world, points) + history(world, points);
  if (facts.run === null) risk += points("refusals", 1);
  else risk += points("refusals", Math.min(1, facts.run.refusals / 3));
  // Whatever the age of the context: a gate takes it at its worst.
  const isAgeing = (name: string, sources: readonly { name: string; ttl_seconds?: number | undefined }[] = []) =>
    sources.some((one) => one.name === name && one.ttl_seconds);
  const own = manifest.context?.sources ?? [];
  const shared = guardrail?.context?.sources ?? [];
  const ages =
    entries.some((entry) =>
      entry.sources?.some(
        (name) => isAgeing(name, own) || (own.some((one) => one.name === name) && isAgeing(name, shared)),
      ),
    ) || restrictions.some((entry) => entry.sources?.some((name) => isAgeing(name, [...own, ...shared])));
  if (ages) risk += points("context_age", 1);
  const amount = Object.hasOwn(call.args, "amount") ? call.args["amount"] : 0;
  const size = typeof amount === "number" ? Math.abs(amount) : Number.POSITIVE_INFINITY;
  if (size >= 1_000) risk += points("amount", size >= 10_000 ? 1 : 0.5);
  return Math.max(0, Math.min(100, risk));
}

type Points = (name: string, share: number) => number;

function mismatch({ call }: World, points: Points): number {
  if (call.effect?.kind !== "rows" || call.effect.intended?.count === undefined) return 0;
  const selected = Math.max(call.effect.total ?? 0, call.effect.before.length, call.effect.after.length);
  const outside = selected - call.effect.intended.count;
  return outside > 0 ? points("mismatch", outside * 2 > selected ? 1 : 0.6) : 0;
}

function history({ call, facts: { history: known } }: World, points: Points): number {
  const worst = points("rows", 1) + points("first_use", 1) + points("regret", 1);
  if (known === null) return Math.max(points("no_history", 1), worst);
  const rows = rowsOf(call);
  const isOver = rows !== null && known.rowsP99 !== null && rows > known.rowsP99;
  const overRows = isOver ? points("rows", rows > (known.rowsP99 ?? 0) * 3 ? 1 : 0.5) : 0;
  const first = known.uses === 0 ? points("first_use", 1) : 0;
  const share = known.approvedThenRolledBack === 0 ? 0 : known.approvedThenRolledBack / known.approved >= 0.1 ? 1 : 0.5;
  return overRows + first + points("regret", share);
}
