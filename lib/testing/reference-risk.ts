import { DEFAULT_WEIGHTS } from "@/lib/core/decisions/risk-weights";

import { harmOf } from "./reference-commands";
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
  if (entries.length > 0 && harmOf(call, entries) === "grave") risk += points("command", 1);
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
  risk += widened(world, points);
  const size = amountOf(call) ?? 0;
  if (size >= 1_000) risk += points("amount", size >= 10_000 ? 1 : 0.5);
  return Math.max(0, Math.min(100, risk));
}

/** In the small world: `amount`, which is endless when it is no number. */
function amountOf({ args }: World["call"]): number | null {
  if (!Object.hasOwn(args, "amount")) return null;
  return typeof args["amount"] === "number" ? Math.abs(args["amount"]) : Number.POSITIVE_INFINITY;
}

/** In the small world scopes and hosts are named; a host is what stands between the slashes. */
function widened({ call: { args }, facts: { reach } }: World, points: Points): number {
  if (reach === null) return points("widened", 1);
  const texts = (...names: string[]) =>
    names.flatMap((name) => [args[name]].flat()).filter((one) => typeof one === "string");
  const scopes = texts("scope", "fields").filter((scope) => scope !== "");
  const hosts = texts("url")
    .filter((url) => url !== "")
    .map((url) => (URL.canParse(url) ? new URL(url).host : url.split("/")[0]));
  const grows = (kind: readonly string[], named: readonly (string | undefined)[]) =>
    kind.length > 0 && named.some((one) => one !== undefined && !kind.includes(one));
  return grows(reach.scopes, scopes) || grows(reach.hosts, hosts) ? points("widened", 1) : 0;
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
  const over = (size: number | null, usual: number | null) =>
    size === null || usual === null || size <= usual ? 0 : size <= usual * 3 ? 0.5 : 1;
  const overRows = points("rows", Math.max(over(rows, known.rowsP99), over(amountOf(call), known.amountP99)));
  const target = ["id", "url", "path"]
    .map((name) => call.args[name])
    .find((value) => (typeof value === "string" && value !== "") || typeof value === "number");
  const isNewTarget = target !== undefined && known.targetSeen !== true;
  const first = known.uses === 0 ? points("first_use", 1) : isNewTarget ? points("first_use", 0.5) : 0;
  const share = known.approvedThenRolledBack === 0 ? 0 : known.approvedThenRolledBack / known.approved >= 0.1 ? 1 : 0.5;
  return overRows + first + points("regret", share);
}
