import { allowedShare } from "@/lib/core/objectives/schema";
import { quantileOfSorted } from "@/lib/core/shared/statistics";
import { HOUR_MS } from "@/lib/core/shared/time";

import { type Usual, usualOf } from "./baseline";
import type { BurnReading } from "./burn";
import { errorBurn, type ObjectiveReading } from "./error-budget";
import { type CreepReading, isLearning, type SilenceReading, type UsualReading, type WindowReading } from "./reading";
import type { Rule } from "./rules";
import type { Figure } from "./series";
import { SIGNAL_FACTS } from "./signals";

/** What a rule is given to judge. */
export type Reading = UsualReading | CreepReading | SilenceReading | BurnReading | ObjectiveReading;

/** `between`: no longer over the limit and not back inside. `unknown` says why it cannot be told. */
export type Verdict = "breach" | "between" | "clear" | "unknown";
export type Unknown = "learning" | "too_few" | "no_usual" | "no_reading";

/** What a rule makes of a reading, with everything it looked at. */
export type Judgement = {
  readonly verdict: Verdict;
  readonly unknown: Unknown | null;
  readonly value: number | null;
  readonly n: number;
  readonly usual: Usual | null;
  /** What the value must exceed, and what it must fall to before the alert ends. */
  readonly limit: number | null;
  readonly clearLimit: number | null;
  readonly hours: number | null;
};

/** Where between usual and limit an alert ends: one that ended at the limit itself would begin and end all the time. */
const CLEAR_AT = 0.6;
/** How many standard deviations of chance a count must be above what is usual. */
const DEVIATIONS = 5;
/** The same above what an error budget allows: its windows are longer, and it is looked at less often. */
const BUDGET_DEVIATIONS = 3;
/** Fewer bad calls say nothing about a rate. */
const LEAST_BAD = 10;
/** How many weeks in a row a rise must last. */
const RISING_WEEKS = 3;

const NOTHING = { value: null, n: 0, usual: null, limit: null, clearLimit: null, hours: null } as const;
const unknown = (why: Unknown, known: Partial<Judgement> = {}): Judgement => ({
  ...NOTHING,
  ...known,
  verdict: "unknown",
  unknown: why,
});

/** Judges a reading by a rule: over its limit, back inside, between the two, or not to be told and why. */
export function judge(rule: Rule, reading: Reading | null): Judgement {
  if (reading === null) return unknown("no_reading");
  if (reading.kind === "burn") return judgeBurn(rule, reading);
  if (reading.kind === "objective") return judgeObjective(rule, reading);
  if (isLearning(reading.history)) return unknown("learning", currentOf(reading));
  if (reading.kind === "creep") return judgeCreep(rule, reading);
  if (reading.kind === "silence") return judgeSilence(rule, reading);
  return judgeUsual(rule, reading);
}

function currentOf(reading: UsualReading | CreepReading | SilenceReading): Partial<Judgement> {
  if (reading.kind === "silence") return { value: reading.events, n: reading.events };
  const figure =
    reading.kind === "creep" ? reading.week : reading.windows.find((window) => window.figure !== null)?.figure;
  return figure ? { value: figure.value, n: figure.n } : {};
}

/**
 * A value breaches in the shortest window that tells it from chance, and only while the last two hours do not say that it
 * is over already. So a busy agent alerts within minutes and a quiet one within a day, by the same rule.
 */
function judgeUsual(rule: Rule, { windows }: UsualReading): Judgement {
  const judged = windows.map((window) => judgeWindow(rule, window));
  const known = judged.filter(({ verdict }) => verdict !== "unknown");
  const [shortest] = judged;
  const [first] = known;
  if (!first) return judged.find(({ value }) => value !== null) ?? unknown("too_few");
  if (shortest?.verdict === "clear") return shortest;
  return (
    known.find(({ verdict }) => verdict === "breach") ?? known.find(({ verdict }) => verdict === "between") ?? first
  );
}

function judgeWindow(rule: Rule, { hours, figure, past }: WindowReading): Judgement {
  const current = figure ? { value: figure.value, n: figure.n, hours } : { hours };
  const isCount = SIGNAL_FACTS[rule.signal].shape === "count";
  // A past hour of a few calls is no measure of a rate; a quiet hour of a count is.
  const usual = usualOf(
    past.filter(({ n }) => isCount || n >= Math.min(rule.leastN, MOST_ASKED)).map(({ value }) => value),
  );
  if (!usual) return unknown("no_usual", current);
  const limit = Math.max(rule.factor * usual.median, spreadLimit(usual), usual.median + rule.leastExcess);
  const clearLimit = usual.median + (limit - usual.median) * CLEAR_AT;
  const found = { ...NOTHING, ...current, usual, limit, clearLimit, unknown: null };
  if (!figure || (!isCount && figure.n < rule.leastN)) return unknown("too_few", found);
  if (figure.value <= clearLimit) return { ...found, verdict: "clear" };
  // At the limit is over it: a rate that has doubled is twice the usual, not more.
  const isOver = figure.value >= limit && !isChance(rule, figure, usual);
  return { ...found, verdict: isOver ? "breach" : "between" };
}

/** Twice as far above the median as the band reaches, in proportion: what varies much by itself must vary more to be news. */
function spreadLimit({ median, high }: Usual): number {
  return median > 0 ? Math.min((high * high) / median, 2 * high) : 2 * high;
}

/** Past hours need as many calls as the rule asks of the present, up to this many. */
const MOST_ASKED = 20;

/** Whether so many bad calls may be luck: counts that nothing causes vary by their square root. */
function isChance(rule: Rule, { value, part, n }: Figure, usual: Usual): boolean {
  const { shape } = SIGNAL_FACTS[rule.signal];
  if (shape === "share") {
    const expected = usual.median * n;
    return part < LEAST_BAD || part - expected < DEVIATIONS * Math.sqrt(Math.max(1, expected));
  }
  if (shape === "count") {
    const expected = value === 0 ? 0 : usual.median * (part / value);
    return part < rule.leastN || part - expected < DEVIATIONS * Math.sqrt(Math.max(1, expected));
  }
  return false;
}

/** A slow rise moves its own usual with it, so the last week is held against six, and each of three must be above the one before. */
function judgeCreep(rule: Rule, { week, past }: CreepReading): Judgement {
  const hours = 168;
  if (!week || week.n < rule.leastN)
    return unknown("too_few", week ? { value: week.value, n: week.n, hours } : { hours });
  const usual = weeksUsual(past);
  if (!usual) return unknown("no_usual", { value: week.value, n: week.n, hours });
  const limit = Math.max(rule.factor * usual.median, usual.median + rule.leastExcess);
  const clearLimit = usual.median + (limit - usual.median) * CLEAR_AT;
  const found = { ...NOTHING, value: week.value, n: week.n, usual, limit, clearLimit, hours, unknown: null };
  if (week.value <= clearLimit) return { ...found, verdict: "clear" };
  const weeks = [week, ...past];
  const isRising = weeks.slice(0, RISING_WEEKS).every(({ value }, at) => value > (weeks[at + 1]?.value ?? Infinity));
  return { ...found, verdict: week.value >= limit && isRising ? "breach" : "between" };
}

/** Weeks are few and each is of hundreds of runs, so three of them say what is usual. */
function weeksUsual(past: readonly Figure[]): Usual | null {
  if (past.length < RISING_WEEKS) return null;
  const values = past.map(({ value }) => value).toSorted((a, b) => a - b);
  const median = quantileOfSorted(values, 0.5) ?? 0;
  return { median, low: values[0] ?? median, high: values.at(-1) ?? median, n: values.length };
}

/** Nothing for two hours, where every past week had something: even its quietest hour was busy. */
function judgeSilence(rule: Rule, { events, past }: SilenceReading): Judgement {
  const usual = usualOf(past.map(({ value }) => value));
  const found = { ...NOTHING, value: events, n: events, hours: 2, usual };
  if (events > 0) return { ...found, limit: 0, clearLimit: 0, verdict: "clear", unknown: null };
  if (!usual) return unknown("no_usual", found);
  if (usual.median < rule.leastN || usual.low <= 0) return unknown("too_few", found);
  return { ...found, limit: 0, clearLimit: 0, verdict: "breach", unknown: null };
}

function judgeBurn(rule: Rule, { cap, spent, long, short }: BurnReading): Judgement {
  if (long === null || short === null) return unknown("no_reading");
  const found = { ...NOTHING, value: long, n: 1, limit: rule.factor, clearLimit: rule.factor, unknown: null };
  const hours = (rule.windows?.longMs ?? 0) / HOUR_MS;
  if (spent < cap * rule.leastExcess || long < rule.factor) return { ...found, hours, verdict: "clear" };
  return { ...found, hours, verdict: short >= rule.factor ? "breach" : "clear" };
}

/**
 * Both windows must burn, as for caps. An agent makes few runs, so the long one must also be further from what may be bad
 * than chance takes it: otherwise one that keeps exactly to its objective would be over it every other day.
 */
function judgeObjective(rule: Rule, { targetBp, long, short }: ObjectiveReading): Judgement {
  const [value, now] = [errorBurn(long, targetBp), errorBurn(short, targetBp)];
  const hours = (rule.windows?.longMs ?? 0) / HOUR_MS;
  const found = { ...NOTHING, value, n: long.total, limit: rule.factor, clearLimit: rule.factor, hours, unknown: null };
  if (value === null || long.total < rule.leastN) return unknown("too_few", found);
  if (value < rule.factor) return { ...found, verdict: "clear" };
  const bad = long.total - long.good;
  const allowed = allowedShare(targetBp);
  const chance = BUDGET_DEVIATIONS * Math.sqrt(long.total * allowed * (1 - allowed));
  const isChance = bad < rule.leastExcess || bad - long.total * allowed < chance;
  if (isChance || now === null) return { ...found, verdict: "between" };
  return { ...found, verdict: now >= rule.factor ? "breach" : "clear" };
}
