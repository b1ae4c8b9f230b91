import { z } from "zod";

import { Band } from "@/lib/core/decisions/schema";

import type { CalibrationResult, Review } from "./review";
import { approvedOf, type Durations, durationsOf, type NeedlessRule, needlessRules, regrettedOf } from "./scorecard";
import { FEWEST_PEOPLE, type Share, wilson } from "@/lib/core/shared/statistics";

/** A figure about at least five people, or null: fewer could be told apart. */
export type Withheld<T> = T | null;

/** How an organisation reviews: sums over people, and no person. */
export type Organisation = {
  readonly from: Date;
  /** Up to when figures about all answers reach: the last moment by which five more people had answered. */
  readonly until: Date | null;
  readonly volume: Withheld<{ readonly n: number }>;
  readonly approved: Withheld<Share>;
  readonly regretted: Withheld<Share>;
  readonly calibration: Withheld<Share>;
  readonly expired: Withheld<Share>;
  readonly bands: readonly {
    readonly band: Band;
    readonly approved: Withheld<Share>;
    readonly waited: Withheld<Durations>;
  }[];
  readonly needless: readonly NeedlessRule[];
};

type Dated = { readonly memberId: string; readonly at: Date };

/**
 * Cuts what people did, in the order of time, into blocks with at least five different people in each. What is left at
 * the end is in no block yet.
 *
 * Figures are made of whole blocks only. So whatever ranges and moments somebody compares, the difference between two
 * figures is again made of whole blocks: it is about five people or about nobody.
 */
export function wholeBlocks<T extends Dated>(records: readonly T[]): readonly (readonly T[])[] {
  const blocks: T[][] = [];
  let open: T[] = [];
  let people = new Set<string>();
  for (const one of records.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    open.push(one);
    people.add(one.memberId);
    if (people.size < FEWEST_PEOPLE) continue;
    blocks.push(open);
    open = [];
    people = new Set();
  }
  return blocks;
}

/** What may be counted of these records: whole blocks that began at `from` or later. */
export function countable<T extends Dated>(records: readonly T[], from: Date): readonly T[] {
  return wholeBlocks(records).flatMap((block) => ((block[0]?.at ?? from) < from ? [] : block));
}

type Sources = {
  /** Everything since a fixed day, so that blocks stay where they are from one look to the next. */
  readonly reviews: readonly Review[];
  readonly results: readonly CalibrationResult[];
  /** When requests expired with nobody deciding. */
  readonly expiredAt: readonly Date[];
  readonly from: Date;
};

/** Puts the organisation's figures together, each from blocks of its own records. */
export function organisationOf({ reviews, results, expiredAt, from }: Sources): Organisation {
  const counted = countable(reviews, from);
  const ran = countable(
    reviews.filter(({ verdict, ran: did }) => verdict === "approve" && did),
    from,
  );
  const items = countable(results, from);
  const [first, last] = [counted[0], counted.at(-1)];
  const expired = first && last ? expiredAt.filter((at) => at >= first.at && at <= last.at).length : 0;
  return {
    from,
    until: last?.at ?? null,
    volume: some(counted, ({ length: n }) => ({ n })),
    approved: some(counted, approvedOf),
    regretted: some(ran, regrettedOf),
    calibration: some(items, (all) => wilson(all.filter(({ result }) => result === "caught").length, all.length)),
    expired: some(counted, ({ length: n }) => wilson(expired, n + expired)),
    bands: Band.options.map((band) => {
      const within = countable(
        reviews.filter((review) => review.band === band),
        from,
      );
      const waits = (all: readonly Review[]) =>
        durationsOf(all.map(({ at, askedAt }) => (at.getTime() - askedAt.getTime()) / 1_000));
      return { band, approved: some(within, approvedOf), waited: some(within, waits) };
    }),
    needless: needlessRules(counted).filter(({ agent, rule }) => peopleIn(counted, agent, rule) >= FEWEST_PEOPLE),
  };
}

const some = <T, F>(counted: readonly T[], figure: (counted: readonly T[]) => F): F | null =>
  counted.length === 0 ? null : figure(counted);

const peopleIn = (reviews: readonly Review[], agent: string, rule: string) =>
  new Set(reviews.filter((one) => one.agent === agent && one.rule === rule).map(({ memberId }) => memberId)).size;

/** The page's address: since a day. A mangled one means everything kept. */
export const OrganisationQuery = z.object({ from: z.iso.date().pipe(z.coerce.date()).optional().catch(undefined) });
