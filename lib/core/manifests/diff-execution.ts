import { type ChangeKind, type ChangeList, demandKind, limitKind } from "./change";
import type { Manifest } from "./schema";

const pair = <T>(before: T, after: T) => ({ before, after });

const TIGHTER: Readonly<Record<string, "lower" | "higher" | "neither">> = {
  max_steps: "lower",
  max_wall_clock_seconds: "lower",
  max_cost_usd: "lower",
  max_retries_per_action: "lower",
  daily_tokens: "lower",
  daily_cost_usd: "lower",
  hard_at: "lower",
  default_estimate_usd: "higher",
  default_estimate_tokens: "higher",
  warn_at: "neither",
};

/** Bounds, key by key. */
export function diffExecution(
  list: ChangeList,
  before: Pick<Manifest, "execution">,
  after: Pick<Manifest, "execution">,
): void {
  const old = new Map(Object.entries(before.execution ?? {}));
  const now = new Map(Object.entries(after.execution ?? {}));
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const values = pair(old.get(key), now.get(key));
    list.compare({ path: "/execution", key }, values, executionKind(key, values));
  }
}

function executionKind(
  key: string,
  { before, after }: { readonly before: unknown; readonly after: unknown },
): ChangeKind {
  if (key === "on_budget_exceeded") return after === "halt" ? "widening" : "narrowing";
  // Without a default a call holds a share, which may be more or less than any default.
  if (key.startsWith("default_estimate_") && (before === undefined || after === undefined)) return "widening";
  const tighter = TIGHTER[key];
  if (tighter === "neither") return "neutral";
  const isLimit = [before, after].every((value) => value === undefined || typeof value === "number");
  if (tighter === undefined || !isLimit) return demandKind({ before, after });
  const asNumber = (value: unknown) => (typeof value === "number" ? value : undefined);
  return limitKind(pair(asNumber(before), asNumber(after)), tighter);
}
