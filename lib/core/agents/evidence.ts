import { z } from "zod";

import { strict } from "@/lib/core/manifests/strict";

import type { Level } from "./schema";

const Count = z.int().min(0).max(1_000_000_000);
const Share = z.number().min(0).max(1);

/**
 * What an agent must show to be given more, or go on showing to keep what it has: a closed vocabulary of numbers, fixed
 * before evidence is collected.
 */
export const Criteria = strict({
  min_decisions: Count.optional(),
  min_days: Count.optional(),
  min_agreement: Share.optional(),
  min_success: Share.optional(),
  max_incidents: Count.optional(),
  max_refusals_share: Share.optional(),
});
export type Criteria = z.infer<typeof Criteria>;

/**
 * What is known of an agent since its manifest was published or its level changed, whichever was later. A share of
 * nothing is not known.
 */
export type Evidence = {
  readonly since: Date;
  readonly decisions: number;
  /** Days, by UTC, on which it asked for anything. */
  readonly days: number;
  /** Of the requests people answered, the share they approved. */
  readonly agreement: number | null;
  /** Of the outcomes reported, the share that succeeded. */
  readonly success: number | null;
  readonly incidents: number;
  /** Of its calls, the share that was denied or halted. */
  readonly refusalsShare: number | null;
};

/** One criterion with the figure that answers it. */
export type CriterionResult = {
  readonly name: keyof Criteria;
  readonly wanted: number;
  readonly figure: number | null;
  readonly met: boolean;
  readonly sentence: string;
};

const FIGURES: Readonly<Record<keyof Criteria, (evidence: Evidence) => number | null>> = {
  min_decisions: ({ decisions }) => decisions,
  min_days: ({ days }) => days,
  min_agreement: ({ agreement }) => agreement,
  min_success: ({ success }) => success,
  max_incidents: ({ incidents }) => incidents,
  max_refusals_share: ({ refusalsShare }) => refusalsShare,
};

const NAMES = Object.keys(FIGURES).filter((name): name is keyof Criteria => Object.hasOwn(Criteria.shape, name));

/** Every criterion that is written, in a fixed order. A figure that is not known meets none. */
export function evaluateCriteria(criteria: Criteria, evidence: Evidence): readonly CriterionResult[] {
  return NAMES.flatMap((name) => {
    const wanted = criteria[name];
    if (wanted === undefined) return [];
    const figure = FIGURES[name](evidence);
    const met = figure !== null && (name.startsWith("min_") ? figure >= wanted : figure <= wanted);
    return [{ name, wanted, figure, met, sentence: sentenceOf(name, wanted, figure) }];
  });
}

/**
 * The criteria an agent no longer meets and so loses a level by. Shares count only once there are as many decisions and
 * days as `min_decisions` and `min_days` ask for: a single failure on the first day is no evidence yet.
 */
export function brokenCriteria(criteria: Criteria, evidence: Evidence): readonly CriterionResult[] {
  const results = evaluateCriteria(criteria, evidence);
  const isEnough = results.every(({ name, met }) => met || !isAmount(name));
  return results.filter(
    ({ name, met, figure }) => !met && figure !== null && !isAmount(name) && (isEnough || name === "max_incidents"),
  );
}

/** Whether a criterion asks how much evidence there is, and not what it shows. */
export const isAmount = (name: keyof Criteria) => name === "min_decisions" || name === "min_days";

/** Why a level may not be given; empty when it may. */
export type Promotion =
  | { readonly ok: true; readonly results: readonly CriterionResult[] }
  | {
      readonly ok: false;
      readonly why: "above_promotion" | "criteria_unmet";
      readonly unmet: readonly CriterionResult[];
    };

/** Whether an agent has earned a level, by what its manifest fixed beforehand. */
export function promotionTo(
  level: Level,
  promote: { readonly to: Level; readonly criteria: Criteria },
  evidence: Evidence,
): Promotion {
  if (level > promote.to) return { ok: false, why: "above_promotion", unmet: [] };
  const results = evaluateCriteria(promote.criteria, evidence);
  const unmet = results.filter(({ met }) => !met);
  return unmet.length === 0 ? { ok: true, results } : { ok: false, why: "criteria_unmet", unmet };
}

/** Criteria as the rest of a sentence: `at least 100 decisions, at most 0 incidents`. */
export function criteriaText(criteria: Criteria): string {
  return textOf(criteria, NAMES) || "nothing in particular";
}

/** What must go on being shown, and from how much evidence on, as the rest of a sentence. */
export function keepingText(criteria: Criteria): string {
  const shown =
    textOf(
      criteria,
      NAMES.filter((name) => !isAmount(name)),
    ) || "nothing in particular";
  const from = textOf(criteria, NAMES.filter(isAmount));
  return from === "" ? shown : `${shown} (shares count from ${from} on)`;
}

function textOf(criteria: Criteria, names: readonly (keyof Criteria)[]): string {
  const parts = names.flatMap((name) => {
    const wanted = criteria[name];
    return wanted === undefined ? [] : [boundText(name, wanted)];
  });
  return parts.join(", ");
}

const WORDS: Readonly<Record<keyof Criteria, string>> = {
  min_decisions: "decisions",
  min_days: "days on which it worked",
  min_agreement: "of the requests people answered were approved",
  min_success: "of the outcomes reported were successes",
  max_incidents: "incidents",
  max_refusals_share: "of its calls were denied or halted",
};

function sentenceOf(name: keyof Criteria, wanted: number, figure: number | null): string {
  const now = figure === null ? "nothing is known yet" : `now ${figureText(name, figure)}`;
  return `${boundText(name, wanted)}; ${now}`;
}

function boundText(name: keyof Criteria, wanted: number): string {
  return `${name.startsWith("min_") ? "at least" : "at most"} ${figureText(name, wanted)} ${WORDS[name]}`;
}

/** A figure as people read it: shares in per cent. */
export function figureText(name: keyof Criteria, figure: number): string {
  const isShare = name === "min_agreement" || name === "min_success" || name === "max_refusals_share";
  return isShare ? `${(figure * 100).toFixed(1)} %` : String(figure);
}

/** The results as a ledger entry has them: shares as text, because entries hold no fractions. */
export function evidenceEntry(evidence: Evidence, results: readonly CriterionResult[]) {
  const text = (value: number | null) => (value === null ? null : String(Number(value.toFixed(4))));
  return {
    since: evidence.since.toISOString(),
    criteria: results.map(({ name, wanted, figure, met }) => ({
      name,
      wanted: text(wanted),
      figure: text(figure),
      met,
    })),
  };
}
