import { z } from "zod";

import { startOfLocalWeek } from "@/lib/core/figures/calendar";
import { FilterText } from "@/lib/core/shared/page";
import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";

/** A week of ISO 8601 in UTC: it begins on Monday, and the week with the year's first Thursday is its first. */
export type Week = { readonly name: string; readonly from: Date; readonly to: Date };

const WEEK_MS = 7 * DAY_MS;
const TO_THURSDAY_MS = 3 * DAY_MS;
const NAME = /^(\d{4})-W(\d\d)$/;

/** The week of a moment, or so many weeks before or after it. */
export function weekOf(at: Date, weeks = 0): Week {
  const from = new Date(startOfLocalWeek(at, "UTC").getTime() + weeks * WEEK_MS);
  const thursday = new Date(from.getTime() + TO_THURSDAY_MS);
  const year = thursday.getUTCFullYear();
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0)) / WEEK_MS);
  const name = `${String(year).padStart(4, "0")}-W${String(number).padStart(2, "0")}`;
  return { name, from, to: new Date(from.getTime() + WEEK_MS) };
}

/** The week of a name such as `2026-W48`; null for a text that names none. */
export function readWeek(name: string): Week | null {
  const [, year, number] = NAME.exec(name) ?? [];
  if (year === undefined || number === undefined) return null;
  // The fourth of January is always in the first week.
  const week = weekOf(new Date(Date.UTC(Number(year), 0, 4)), Number(number) - 1);
  return week.name === name ? week : null;
}

/** The week that an address asks for, by default the last one; and why it is another, null where it is that one. */
export function chosenWeek(
  name: string | undefined,
  now: Date,
): { readonly week: Week; readonly notice: string | null } {
  const last = weekOf(now, -1);
  if (name === undefined) return { week: last, notice: null };
  const asked = readWeek(name);
  if (asked === null)
    return { week: last, notice: "There is no such week. Write a week as 2026-W48. This is the last full week." };
  if (asked.from > now) return { week: weekOf(now), notice: "There is no such week yet. This is the current week." };
  return { week: asked, notice: null };
}

/** When a week's review is sent: on the Monday after it, at this hour of UTC, or later that day. */
const SENT_FROM_MS = 8 * HOUR_MS;

/** The week whose review is to be sent at a moment; null on all other days. */
export function dueWeek(now: Date): Week | null {
  const { from } = weekOf(now);
  const since = now.getTime() - from.getTime();
  return since >= SENT_FROM_MS && since < DAY_MS ? weekOf(now, -1) : null;
}

/** The address of the page: a week by its name, and whose agents. */
export const WeekQuery = z.object({ week: FilterText, person: FilterText });
