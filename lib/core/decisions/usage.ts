import type { JsonObject } from "@/lib/core/shared/json";

import { amountOf, targetOf } from "./facets";
import { rowsOfArguments } from "./rows";

/** Eight buckets for each doubling: two values of one bucket are at most 9% apart. */
const BUCKETS_PER_DOUBLING = 8;
/** Nothing at all, below every bucket a number can have. */
const NOTHING = -100_000;

/** The bucket of a logarithmic histogram that a size falls into. */
export function bucketOf(size: number): number {
  return size > 0 ? Math.floor(Math.log2(size) * BUCKETS_PER_DOUBLING) : NOTHING;
}

/** An allowed call as far as its use is counted. `shownRows`: what its dry run speaks of. */
export type UsedCall = {
  readonly agentId: string;
  readonly tool: string;
  /** UTC, `2026-04-10`. */
  readonly day: string;
  readonly approved: boolean;
  readonly args: JsonObject;
  readonly shownRows: number | null;
};

type Metric = "rows" | "amount" | "cost_micros" | "tokens";

type Key = { readonly agent_id: string; readonly tool: string; readonly day: string };

/** Counters to be added to what is known. */
export type UsageDelta = {
  readonly usage: readonly (Key & { uses: number; approved: number })[];
  readonly sizes: readonly (Key & { metric: Metric; bucket: number; calls: number; most: number })[];
  readonly targets: readonly (Key & { readonly digest: string })[];
};

/** Adds up calls, so that each counter is written once. A size that is no number is not counted: it is nobody's habit. */
export function usageDelta(calls: readonly UsedCall[], sha256Hex: (text: string) => string): UsageDelta {
  const usage = new Map<string, UsageDelta["usage"][number]>();
  const sizes = new Map<string, UsageDelta["sizes"][number]>();
  const targets = new Map<string, UsageDelta["targets"][number]>();
  for (const call of calls) {
    const key: Key = { agent_id: call.agentId, tool: call.tool, day: call.day };
    const name = `${call.agentId} ${call.day} ${call.tool}`;
    const use = usage.get(name) ?? { ...key, uses: 0, approved: 0 };
    usage.set(name, { ...use, uses: use.uses + 1, approved: use.approved + (call.approved ? 1 : 0) });
    for (const [metric, size] of sizesOf(call)) {
      const bucket = bucketOf(size);
      const place = `${metric} ${bucket} ${name}`;
      const known = sizes.get(place) ?? { ...key, metric, bucket, calls: 0, most: size };
      sizes.set(place, { ...known, calls: known.calls + 1, most: Math.max(known.most, size) });
    }
    const target = targetOf(call.args);
    if (target === null) continue;
    const digest = sha256Hex(target);
    targets.set(`${digest} ${name}`, { ...key, digest });
  }
  return { usage: [...usage.values()], sizes: [...sizes.values()], targets: [...targets.values()] };
}

function sizesOf({ args, shownRows }: UsedCall): (readonly [metric: "rows" | "amount", size: number])[] {
  const named = rowsOfArguments(args);
  const rows = shownRows === null ? named : Math.max(shownRows, named ?? 0);
  const amount = amountOf(args)?.amount ?? null;
  const found: (readonly [metric: "rows" | "amount", size: number])[] = [];
  if (rows !== null) found.push(["rows", rows]);
  if (amount !== null && Number.isFinite(amount)) found.push(["amount", amount]);
  return found;
}

/** What a report named of an allowed call, and what had been named of it before; null of a metric is nothing. */
export type NamedSpend = Pick<UsedCall, "agentId" | "tool" | "day"> & {
  readonly costMicros: number | null;
  readonly costBefore: number | null;
  readonly tokens: number | null;
  readonly tokensBefore: number | null;
};

/** Adds up what calls spent. A call counts once, at the most that was named of it. */
export function spendDelta(reports: readonly NamedSpend[]): UsageDelta["sizes"] {
  const sizes = new Map<string, UsageDelta["sizes"][number]>();
  const count = (
    key: Key,
    metric: Metric,
    { size, calls }: { readonly size: number | null; readonly calls: number },
  ) => {
    if (size === null) return;
    const bucket = bucketOf(size);
    const place = `${metric} ${bucket} ${key.agent_id} ${key.day} ${key.tool}`;
    const known = sizes.get(place) ?? { ...key, metric, bucket, calls: 0, most: size };
    sizes.set(place, { ...known, calls: known.calls + calls, most: Math.max(known.most, size) });
  };
  for (const { agentId, tool, day, costMicros, costBefore, tokens, tokensBefore } of reports) {
    const key: Key = { agent_id: agentId, tool, day };
    for (const [metric, now, before] of [
      ["cost_micros", costMicros, costBefore],
      ["tokens", tokens, tokensBefore],
    ] as const) {
      if (now === null) continue;
      count(key, metric, { size: before, calls: -1 });
      count(key, metric, { size: now, calls: 1 });
    }
  }
  return [...sizes.values()];
}
