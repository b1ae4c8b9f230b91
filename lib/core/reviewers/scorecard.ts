import { Band } from "@/lib/core/decisions/schema";

import { needsSecondReviewer } from "./calibration";
import type { CalibrationResult, Review } from "./review";
import { type Agreement, kappa, quantile, type Share, wilson } from "@/lib/core/shared/statistics";

/** What is said about durations, in seconds. */
export type Durations = { readonly n: number; readonly median: number | null; readonly p90: number | null };

/** One look at an action: how much it would have changed, and for how long it was looked at. */
export type Look = { readonly size: number; readonly seconds: number };

/** How one reviewer reviews, for that reviewer and an administrator. */
export type Scorecard = {
  readonly days: number;
  readonly decisions: number;
  /** Time with actions on screen; null when all answers came by token. */
  readonly minutes: number | null;
  readonly approved: Share;
  /** The same of everybody, this person included; null when nobody else answered. */
  readonly teamApproved: Share | null;
  readonly looking: Durations;
  readonly teamLooking: Durations;
  readonly looks: readonly Look[];
  readonly waited: Durations;
  readonly calibration: Share;
  readonly needsSecond: boolean;
  readonly regretted: Share;
  readonly teamRegretted: Share;
  readonly agreement: { readonly kappa: number | null; readonly n: number; readonly table: Agreement };
  readonly bands: readonly { readonly band: Band; readonly approved: Share; readonly looking: Durations }[];
  readonly needless: readonly NeedlessRule[];
};

/** A rule whose questions people answer with yes, without ever regretting it. */
export type NeedlessRule = { readonly agent: string; readonly rule: string; readonly approved: Share };

type Sources = {
  readonly memberId: string;
  readonly days: number;
  readonly reviews: readonly Review[];
  readonly results: readonly CalibrationResult[];
  /** How this person's last items ended since a passed burst, latest first. */
  readonly recent: readonly ("caught" | "missed")[];
};

const MOST_LOOKS = 300;
/** Nobody looks at one action for longer; the page was left open. */
const LONGEST_LOOK_SECONDS = 1_800;
const MINUTE_SECONDS = 60;

/** Puts a scorecard together from everybody's reviews, of which it shows this person's and shares of all. */
export function scorecardOf({ memberId, days, reviews, results, recent }: Sources): Scorecard {
  const mine = reviews.filter((review) => review.memberId === memberId);
  const own = results.filter((result) => result.memberId === memberId);
  const looked = mine.flatMap(({ lookSeconds }) =>
    lookSeconds === null ? [] : [Math.min(lookSeconds, LONGEST_LOOK_SECONDS)],
  );
  const table = agreementOf(memberId, reviews);
  return {
    days,
    decisions: mine.length,
    minutes: looked.length === 0 ? null : looked.reduce((sum, seconds) => sum + seconds, 0) / MINUTE_SECONDS,
    approved: approvedOf(mine),
    teamApproved: reviews.length > mine.length ? approvedOf(reviews) : null,
    looking: lookingOf(mine),
    teamLooking: lookingOf(reviews),
    looks: mine
      .flatMap(({ size, lookSeconds }) =>
        size === null || lookSeconds === null ? [] : [{ size, seconds: lookSeconds }],
      )
      .slice(-MOST_LOOKS),
    waited: durationsOf(mine.map(({ at, askedAt }) => (at.getTime() - askedAt.getTime()) / 1_000)),
    calibration: wilson(own.filter(({ result }) => result === "caught").length, own.length),
    needsSecond: needsSecondReviewer(recent),
    regretted: regrettedOf(mine),
    teamRegretted: regrettedOf(reviews),
    agreement: { kappa: kappa(table), n: table.bothYes + table.onlyFirst + table.onlySecond + table.bothNo, table },
    bands: Band.options.map((band) => {
      const within = mine.filter((review) => review.band === band);
      return { band, approved: approvedOf(within), looking: lookingOf(within) };
    }),
    needless: needlessRules(mine),
  };
}

/** How many said yes. Returning with a note is a no. */
export const approvedOf = (reviews: readonly Review[]): Share =>
  wilson(reviews.filter(({ verdict }) => verdict === "approve").length, reviews.length);

/** Of what was approved and carried out, how much was regretted. */
export function regrettedOf(reviews: readonly Review[]): Share {
  const ran = reviews.filter(({ verdict, ran: did }) => verdict === "approve" && did);
  return wilson(ran.filter(({ regretted }) => regretted).length, ran.length);
}

export function durationsOf(seconds: readonly number[]): Durations {
  return { n: seconds.length, median: quantile(seconds, 0.5), p90: quantile(seconds, 0.9) };
}

const lookingOf = (reviews: readonly Review[]): Durations =>
  durationsOf(reviews.flatMap(({ lookSeconds }) => (lookSeconds === null ? [] : [lookSeconds])));

/** How this person's answers fall together with those of others to the same actions, each pair once. */
function agreementOf(memberId: string, reviews: readonly Review[]): Agreement {
  const others = grouped(
    reviews.filter((review) => review.memberId !== memberId),
    ({ approvalId }) => approvalId,
  );
  const table = { bothYes: 0, onlyFirst: 0, onlySecond: 0, bothNo: 0 };
  for (const mine of reviews.filter((review) => review.memberId === memberId)) {
    for (const other of others.get(mine.approvalId) ?? []) {
      const [me, them] = [mine.verdict === "approve", other.verdict === "approve"];
      table[me && them ? "bothYes" : me ? "onlyFirst" : them ? "onlySecond" : "bothNo"] += 1;
    }
  }
  return table;
}

const MANY = 100;
const NEARLY_ALL = 0.97;

/**
 * Rules that ask although the answer is known: at least 97 % of 100 or more answers are yes, and nothing was regretted.
 * Nine of ten prompts are approved anyway; a rule that does better than that by asking is rare, and one of these is none.
 */
export function needlessRules(reviews: readonly Review[]): readonly NeedlessRule[] {
  const byRule = grouped(reviews, ({ agent, rule }) => JSON.stringify([agent, rule]));
  return [...byRule.values()].flatMap((group) => {
    const [first] = group;
    const approved = approvedOf(group);
    if (!first || first.rule === null || approved.n < MANY || approved.hits / approved.n < NEARLY_ALL) return [];
    return group.some(({ regretted }) => regretted) ? [] : [{ agent: first.agent, rule: first.rule, approved }];
  });
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
