import type { Reason, Verdict } from "@/lib/core/decisions/schema";
import { isJsonArray, type Json, type JsonObject } from "@/lib/core/shared/json";

import { idsNamed } from "./headline";
import type { ApprovalState } from "./schema";

/** One decision of a run, as far as its place in the chain depends on it. */
export type ChainCall = {
  readonly id: string;
  readonly step: number;
  readonly tool: string;
  readonly verdict: Verdict;
  readonly rule: string | null;
  /** What was found first against it; null where it was simply allowed. */
  readonly reason: Pick<Reason, "code" | "message"> | null;
  /** What people said to it, where it waited for them. */
  readonly answered: ApprovalState | null;
  readonly at: Date;
  /** null when the call is too large to be held against the others. */
  readonly args: JsonObject | null;
  /** Rows the dry run touches; null without one. */
  readonly rows: number | null;
  readonly context: readonly { readonly source: string; readonly asOf: string; readonly scope: JsonObject }[];
  readonly outcome: string | null;
};

export type ChainContext = { readonly source: string; readonly ageSeconds: number; readonly ttlSeconds: number | null };

export type ChainStep = Omit<ChainCall, "args" | "rows" | "context"> & {
  /** How many records the step touches or names; null when it says neither. */
  readonly reach: number | null;
  readonly context: readonly ChainContext[];
  /** In words, what this step reaches that no step before it did; null when nothing. */
  readonly widened: string | null;
  /** The action in question. */
  readonly current: boolean;
  /** Nobody has compared how far it reaches: the call is too large. */
  readonly uncompared: boolean;
};

/** The steps of a run up to and with the action in question, each with what it reached that none before it had. */
export function chainOf(
  calls: readonly ChainCall[],
  currentId: string,
  ttls: ReadonlyMap<string, number>,
): readonly ChainStep[] {
  const inOrder = calls.toSorted((a, b) => a.step - b.step);
  const end = inOrder.findIndex((call) => call.id === currentId);
  const shown = end < 0 ? inOrder : inOrder.slice(0, end + 1);
  const seen = new Reached();
  return shown.map((call) => {
    const { args, rows, context, ...rest } = call;
    const reach = reachOf(args ?? {}, rows);
    return {
      ...rest,
      reach,
      context: context.map(({ source, asOf }) => ({
        source,
        ageSeconds: Math.round((call.at.getTime() - new Date(asOf).getTime()) / 1000),
        ttlSeconds: ttls.get(source) ?? null,
      })),
      widened: seen.take(reach, scopesOf(args ?? {}), context),
      current: call.id === currentId,
      uncompared: args === null,
    };
  });
}

function reachOf(args: JsonObject, rows: number | null): number | null {
  const ids = idsNamed(args)?.length ?? null;
  return rows === null && ids === null ? null : Math.max(rows ?? 0, ids ?? 0);
}

function scopesOf(args: JsonObject): readonly Json[] | null {
  const named = ["scope", "fields", "scopes"].find((key) => Object.hasOwn(args, key));
  const value = named === undefined ? undefined : args[named];
  return isJsonArray(value) ? value : null;
}

/** What a run has reached so far. The first mention of anything is where a run starts, not a widening. */
class Reached {
  private count: number | null = null;
  private scopes: Set<Json> | null = null;
  private readonly subjects = new Map<string, Set<Json>>();

  take(reach: number | null, scopes: readonly Json[] | null, context: ChainCall["context"]): string | null {
    const words = [
      this.wider(reach),
      this.moreScopes(scopes),
      ...context.map((source) => this.otherSubject(source.scope)),
    ];
    return words.filter((word) => word !== null).join("; ") || null;
  }

  private wider(reach: number | null): string | null {
    if (reach === null) return null;
    const before = this.count;
    if (before === null || reach > before) this.count = reach;
    // Twice as much, or every list that is one longer would be called a widening.
    return before !== null && reach >= 2 * Math.max(1, before) ? `${before} → ${reach}` : null;
  }

  private moreScopes(scopes: readonly Json[] | null): string | null {
    if (scopes === null) return null;
    const known = this.scopes;
    const fresh = known === null ? [] : scopes.filter((scope) => !known.has(scope));
    this.scopes = new Set([...(known ?? []), ...scopes]);
    return fresh.length > 0 ? `scope adds ${fresh.map((scope) => String(scope)).join(", ")}` : null;
  }

  private otherSubject(scope: JsonObject): string | null {
    const words: string[] = [];
    for (const [key, value] of Object.entries(scope)) {
      const known = this.subjects.get(key);
      if (known && !known.has(value)) words.push(`another ${key}: ${String(value)}`);
      this.subjects.set(key, new Set([...(known ?? []), value]));
    }
    return words.join("; ") || null;
  }
}
