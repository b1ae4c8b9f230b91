import type { Rates } from "@/lib/core/costs/rates";
import { divideHalfEven } from "@/lib/core/shared/decimal";
import { FEWEST_FOR_RATE } from "@/lib/core/shared/statistics";

import type { RatesFor } from "./cache-share";
import type { FactsOf, Finding, Window } from "./schema";

/** The longest output, in tokens, that counts as short. */
export const SHORT_OUTPUT = 300;

/**
 * What an agent asked of a model for one skill (empty where calls name none), counted by `readModelWork`. Amounts are of
 * calls with a short output and a known cost. A run counts for a model if it used no other for the skill and its outcome
 * is known.
 */
export type ModelWork = {
  readonly agent: string;
  readonly skill: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly short: number;
  readonly input: bigint;
  readonly cached: bigint;
  readonly written: bigint;
  readonly output: bigint;
  readonly picos: bigint;
  readonly runs: number;
  readonly succeeded: number;
};

/** The other model must save at least one part in this many. */
const LEAST_SAVING = 4n;

/**
 * Models whose short answers a cheaper one gives already: to the same agent, or for the same skill, in runs that succeed
 * at least as often. Runs were not assigned by chance, so this is a hint to test.
 */
export function smallerModels(rows: readonly ModelWork[], ratesFor: RatesFor, window: Window): readonly Finding[] {
  return rows.flatMap((work): Finding[] => {
    if (work.short < FEWEST_FOR_RATE || work.runs < FEWEST_FOR_RATE) return [];
    const [best] = rows
      .filter((other) => isAlike(work, other) && succeedsAsOften(work, other))
      .flatMap((other) => factsOf(work, other, ratesFor))
      .toSorted((a, b) => Number(BigInt(a.other_spent) - BigInt(b.other_spent)));
    if (best === undefined) return [];
    const picos = BigInt(best.spent) - BigInt(best.other_spent);
    const subject = ["smaller_model", work.agent, work.skill, work.provider, work.model];
    return [{ subject, facts: best, picos, n: work.short, window }];
  });
}

function isAlike(work: ModelWork, other: ModelWork): boolean {
  const isOther = other.model !== work.model || other.provider !== work.provider;
  return isOther && other.skill === work.skill && (other.agent === work.agent || work.skill !== "");
}

const succeedsAsOften = (work: ModelWork, other: ModelWork): boolean =>
  other.runs >= FEWEST_FOR_RATE && other.succeeded * work.runs >= work.succeeded * other.runs;

function factsOf(work: ModelWork, other: ModelWork, ratesFor: RatesFor): readonly FactsOf<"smaller_model">[] {
  const rates = ratesFor(other.provider, other.model, Math.round(Number(work.input) / work.short));
  const otherSpent = rates && costOf(work, rates);
  if (otherSpent === null || (work.picos - otherSpent) * LEAST_SAVING < work.picos || work.picos === 0n) return [];
  const { agent, skill, provider, model, calls, short, runs, succeeded } = work;
  return [
    {
      kind: "smaller_model",
      agent,
      skill: skill === "" ? null : skill,
      provider,
      model,
      calls,
      short,
      spent: String(work.picos),
      other_spent: String(otherSpent),
      ended: { runs, succeeded },
      other: {
        agent: other.agent,
        provider: other.provider,
        model: other.model,
        ended: { runs: other.runs, succeeded: other.succeeded },
      },
    },
  ];
}

/** What the tokens of the short calls cost at these rates; null where a part of them has no price. */
function costOf({ input, cached, written, output }: ModelWork, { perUnit, partsOfPico }: Rates): bigint | null {
  const fresh = input - cached - written;
  const parts = [
    ["input", fresh < 0n ? 0n : fresh],
    ["cache_read", cached],
    ["cache_write", written],
    ["output", output],
  ] as const;
  let sum = 0n;
  for (const [bucket, tokens] of parts) {
    const rate = perUnit.get(bucket);
    if (rate === undefined && tokens > 0n) return null;
    sum += tokens * (rate ?? 0n);
  }
  return divideHalfEven(sum, partsOfPico);
}
