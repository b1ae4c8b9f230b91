import { z } from "zod";

import { DAY_MS } from "@/lib/core/shared/time";

const MOST_DAYS = 400;
/** Databases do not hold every year that a date can be written with. */
const [EARLIEST, LATEST] = [Date.UTC(2000, 0, 1), Date.UTC(2200, 0, 1)];
const Moment = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= EARLIEST && Date.parse(text) <= LATEST, "Give a date from 2000 to 2200.");

/** Which stored calls to price again: those that began from the first moment up to, but without, the second. */
export const RepriceInput = z
  .strictObject({ from: Moment, to: Moment })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ["to"],
    error: "It must be after the beginning.",
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= MOST_DAYS * DAY_MS, {
    path: ["to"],
    error: `At most ${MOST_DAYS} days at once.`,
  });
export type RepriceInput = z.infer<typeof RepriceInput>;

/** `RepriceInput` as its form sends it: two days in UTC, both included. */
export const RepriceForm = z.preprocess((form) => {
  const { from, to } = z.object({ from: z.string(), to: z.string() }).catch({ from: "", to: "" }).parse(form);
  const after = Date.parse(`${to}T00:00:00Z`) + DAY_MS;
  return { from: `${from}T00:00:00Z`, to: Number.isNaN(after) ? "" : new Date(after).toISOString() };
}, RepriceInput);

/** A repricing as it stands. Amounts are of the calls whose price changed, in US dollars. */
export const ShownRepricing = z.object({
  id: z.uuid(),
  from: z.date(),
  to: z.date(),
  by: z.string(),
  started_at: z.date(),
  /** Null while it is under way. */
  finished_at: z.date().nullable(),
  /** Calls with usage that were looked at. */
  looked_at: z.int(),
  repriced: z.int(),
  /** Of those, how many had no price before. */
  newly_priced: z.int(),
  before_usd: z.string(),
  after_usd: z.string(),
});
export type ShownRepricing = z.infer<typeof ShownRepricing>;
