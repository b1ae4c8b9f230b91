import { z } from "zod";

import { AgentHandle } from "@/lib/core/shared/names";
import { decimalOf } from "@/lib/core/shared/decimal";
import { picoOfText } from "@/lib/core/shared/money";
import { optionalNote } from "@/lib/core/shared/note";

const MOST_CASES = 100_000_000;
const LEAST_MINUTES = 0.001;
const MOST_MINUTES = 1_000_000;
const LEAST_USD = 100_000_000n;
const MOST_USD = 1_000_000_000_000_000_000n;
const EARLIEST = "2000-01-01";

const minutes = (least: number) => z.number().min(least, `At least ${least}.`).max(MOST_MINUTES, "At most 1,000,000.");
const usd = (least: bigint, words: string) =>
  z
    .string()
    .trim()
    .max(20)
    .refine((text) => {
      const picos = picoOfText(text);
      return picos !== null && picos >= least && picos <= MOST_USD;
    }, `Write dollars such as 4.20, ${words} to 1000000.`);

const Day = z.iso
  .date("Write a date such as 2026-03-01.")
  .refine((day) => day >= EARLIEST, "Write a day of 2000 or later.");

/** How people did an agent's work before it. What is not known is left out. */
export const Baseline = z
  .strictObject({
    /** The first and the last day. */
    from: Day,
    to: Day,
    cases: z.int().min(1).max(MOST_CASES),
    mean_minutes: minutes(LEAST_MINUTES).optional(),
    /** The standard deviation of the cases' minutes: without it a difference has no interval. */
    sd_minutes: minutes(0).optional(),
    median_minutes: minutes(LEAST_MINUTES).optional(),
    mean_cost_usd: usd(LEAST_USD, "0.0001").optional(),
    sd_cost_usd: usd(0n, "0").optional(),
    /** How many cases were resolved, and in how many something went wrong. */
    succeeded: z.int().min(0).max(MOST_CASES).optional(),
    incidents: z.int().min(0).max(MOST_CASES).optional(),
    source: optionalNote(500),
  })
  .superRefine((baseline, context) => {
    const { from, to, cases, succeeded = 0, incidents = 0 } = baseline;
    const fault = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (to < from) fault("to", "The last day is before the first.");
    if (succeeded > cases) fault("succeeded", "More than there were cases.");
    if (incidents > cases) fault("incidents", "More than there were cases.");
    if (baseline.sd_minutes !== undefined && baseline.mean_minutes === undefined)
      fault("mean_minutes", "A standard deviation needs its mean.");
    if (baseline.sd_cost_usd !== undefined && baseline.mean_cost_usd === undefined)
      fault("mean_cost_usd", "A standard deviation needs its mean.");
  });
export type Baseline = z.infer<typeof Baseline>;

/** Records the baseline of an agent in the place of the one before. */
export const RecordBaselineInput = z.strictObject({ agent: AgentHandle, baseline: Baseline });
export type RecordBaselineInput = z.infer<typeof RecordBaselineInput>;

/** The largest file of cases. */
export const MOST_FILE_BYTES = 900_000;

/** Records a baseline from a CSV file with a line a case. */
export const ImportBaselineInput = z.strictObject({
  agent: AgentHandle,
  from: Day,
  to: Day,
  source: optionalNote(500),
  csv: z.string().min(1, "The file is empty.").max(MOST_FILE_BYTES, "The file is larger than 900 kB."),
});
export type ImportBaselineInput = z.infer<typeof ImportBaselineInput>;

/** Whose baseline. */
export const BaselineRef = z.strictObject({ agent: AgentHandle });
export type BaselineRef = z.infer<typeof BaselineRef>;

const NUMBERS = ["cases", "mean_minutes", "sd_minutes", "median_minutes", "succeeded", "incidents"];

/** The same as a form sends it: an empty field is left out, and a text that is no number is refused at its field. */
export const RecordBaselineForm = z
  .record(z.string(), z.string())
  .transform(({ agent, ...fields }) => {
    const given = Object.entries(fields).filter(([, text]) => text.trim() !== "");
    const read = given.map(([name, text]) => [name, NUMBERS.includes(name) ? numberOf(text.trim()) : text]);
    return { agent, ...Object.fromEntries(read) };
  })
  .pipe(
    z.looseObject({ agent: AgentHandle }).transform(({ agent, ...baseline }, context): RecordBaselineInput => {
      const found = Baseline.safeParse(baseline);
      if (found.success) return { agent, baseline: found.data };
      for (const { path, message } of found.error.issues)
        context.addIssue({ code: "custom", path: [...path], message, input: baseline });
      return z.NEVER;
    }),
  );

const numberOf = (text: string): number => (decimalOf(text) === null ? Number.NaN : Number(text));

/** A baseline with who recorded it. */
export type StoredBaseline = {
  readonly id: string;
  readonly baseline: Baseline;
  readonly created_by: string;
  readonly created_at: Date;
};
