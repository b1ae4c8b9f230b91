import { usdText } from "@/lib/core/charts/units";
import { MEASURE_WORDS, sayObjective } from "@/lib/core/objectives/words";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

import type { Judgement, Unknown } from "./judge";
import { LEAST_DAYS, type Rule } from "./rules";
import { WEEKS } from "./reading";
import { type Signal, SIGNAL_FACTS, type Unit } from "./signals";
import type { Why } from "./why";

/** A value in its unit: `14.2 %`, `$0.42`, `2.4 s`, `21,900`. */
export function formatValue(unit: Unit, value: number): string {
  if (unit === "share") return `${(value * 100).toFixed(1)} %`;
  if (unit === "picos") return usdText(BigInt(Math.round(value)));
  if (unit === "ms") return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
  if (unit === "seconds") return duration(value * 1_000);
  if (unit === "rate") return `${value.toFixed(1)}×`;
  return group(Math.round(value));
}

/** A length of time in its largest unit that fits: `45 s`, `12 min`, `3 h`. */
function duration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.round(ms / 1_000)} s`;
  if (ms > DAY_MS) return `${Math.round(ms / DAY_MS)} days`;
  return ms < 2 * HOUR_MS ? `${Math.round(ms / MINUTE_MS)} min` : `${Math.round(ms / HOUR_MS)} h`;
}

const group = (value: number): string => value.toLocaleString("en-US");

/** `30 Nov 2026, 13:24 UTC`. */
function moment(iso: string): string {
  const [, month = "01", day = "01"] = /^\d{4}-(\d\d)-(\d\d)/.exec(iso) ?? [];
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${iso.slice(0, 4)}, ${iso.slice(11, 16)} UTC`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** What an alert says of itself, in a message and on its page alike. */
export type AlertWords = {
  /** One line that names agent and signal. */
  readonly title: string;
  readonly happened: string;
  readonly since: string;
  readonly compared: string;
  readonly next: readonly string[];
};

/** Says what happened, since when, compared with what, and what to do next. */
export function sayAlert({ why, agent, since }: { why: Why; agent: string; since: string }): AlertWords {
  const { rule, judged } = why;
  return {
    title: titleOf(why, agent),
    happened: `${happenedOf(why)}${why.tool === null ? "" : ` Most of it comes from ${why.tool}.`}`,
    since: `Since ${moment(since)}.`,
    compared: comparedOf(rule, judged, why),
    next: NEXT[rule.signal],
  };
}

function titleOf({ rule, judged, reading }: Why, agent: string): string {
  if (rule.kind === "silent") return `${agent} is silent`;
  if (rule.kind === "burn") return `${agent} spends its daily cap ${formatValue("rate", judged.value ?? 0)} too fast`;
  if (reading?.kind === "objective") {
    const { name } = MEASURE_WORDS[reading.measure];
    return `${agent} burns the error budget of its ${name.toLowerCase()} objective ${formatValue("rate", judged.value ?? 0)} too fast`;
  }
  const { name } = SIGNAL_FACTS[rule.signal];
  if (rule.kind === "creeping") return `${agent}: ${name.toLowerCase()} keeps rising`;
  const times = judged.usual && judged.usual.median > 0 ? (judged.value ?? 0) / judged.usual.median : null;
  const isNew = reading?.kind === "usual" && times === null;
  return `${agent}: ${name.toLowerCase()} ${isNew ? "where there were none" : `at ${(times ?? 0).toFixed(1)} times the usual`}`;
}

function happenedOf({ rule, judged, reading }: Why): string {
  const { name, unit, of, counts } = SIGNAL_FACTS[rule.signal];
  if (reading?.kind === "silence") {
    const last = reading.lastEventAt === null ? "" : ` The last one was on ${moment(reading.lastEventAt)}.`;
    return `No event in the last 2 hours.${last}`;
  }
  if (reading?.kind === "burn") {
    const share = formatValue("share", reading.spent / reading.cap);
    const hours = duration(rule.windows?.longMs ?? 0);
    return `${share} of today's cap is spent; over the last ${hours} it went ${formatValue("rate", reading.long ?? 0)} as fast as a cap that lasts the day.`;
  }
  if (reading?.kind === "objective") {
    const { counts, bad } = MEASURE_WORDS[reading.measure];
    const missed = reading.long.total - reading.long.good;
    const share = formatValue("share", missed / Math.max(1, reading.long.total));
    return `${group(missed)} of ${group(reading.long.total)} ${counts} ${bad} over the last ${duration(rule.windows?.longMs ?? 0)} (${share}).`;
  }
  const span = judged.hours === 168 ? "7 days" : `${judged.hours ?? 2} hours`;
  return `${name}: ${formatValue(unit, judged.value ?? 0)} ${of}, over the last ${span} (${group(judged.n)} ${counts}).`;
}

function comparedOf(rule: Why["rule"], { usual, limit }: Judgement, { reading }: Why): string {
  const { unit } = SIGNAL_FACTS[rule.signal];
  if (reading?.kind === "burn") return `Alerts at ${formatValue("rate", rule.factor)} in both windows.`;
  if (reading?.kind === "objective") {
    const { measure, targetBp: target_bp, days, most } = reading;
    const pace = rule.factor === 1 ? "the pace that lasts" : `${rule.factor} times the pace that lasts`;
    return `The objective: ${sayObjective({ measure, target_bp, days, most })}. Alerts at ${pace}, in both windows.`;
  }
  if (!usual) return "There is no usual to compare it with yet.";
  const band = `${formatValue(unit, usual.low)} – ${formatValue(unit, usual.high)}`;
  if (rule.kind === "creeping")
    return `The ${usual.n} weeks before: ${band}, median ${formatValue(unit, usual.median)}. Each of the last three weeks was above the one before.`;
  if (rule.kind === "silent") return `The same hours of the past ${WEEKS} weeks had ${band} events an hour.`;
  const alerts = limit === null ? "" : ` Alerts from ${formatValue(unit, limit)}.`;
  return `The same hours of the past ${WEEKS} weeks: ${band}, median ${formatValue(unit, usual.median)} (n = ${usual.n}).${alerts}`;
}

const NEXT: Readonly<Record<Signal, readonly string[]>> = {
  retries: [
    "See which tool is called again, and what it answers.",
    "Stop the agent if each retry costs money or load.",
  ],
  tool_errors: ["See what the tool answers.", "Lower the agent's level or stop it if calls half succeed."],
  tokens: ["Compare a run of today with one of last week.", "Check what changed: model, prompt, retrieved documents."],
  latency: ["See which model or tool is slow.", "Nothing needs to stop for slowness alone."],
  requests: ["See what starts the runs.", "Stop the agent if nobody knows."],
  denials: ["See which rule denies.", "Widen the manifest only if the calls are meant; stop the agent if not."],
  cost: ["Open the most expensive runs.", "Stop the agent or lower its cap if the money is not worth it."],
  waits: ["See who is on call.", "Deny what is not needed, or lower what asks for approval."],
  ungoverned: ["See which tool runs without asking.", "Stop the agent: these calls pass no policy."],
  silence: ["Check that the agent runs and its key is valid.", "Open an incident if it should be working."],
  burn: [
    "Open the most expensive runs of today.",
    "Calls are denied once the cap is reached. Raise the cap or stop the agent.",
  ],
  objective: [
    "Open the objective: it lists the runs that spent its budget.",
    "Undo what changed lately, or lower the agent's level until it is back inside.",
  ],
};

/** Why a signal cannot be judged: `Learning, 9 of 21 days`. */
export function sayUnknown(unknown: Unknown, { days, n }: { readonly days: number; readonly n: number }): string {
  if (unknown === "learning") return `Learning, ${days} of ${LEAST_DAYS} days`;
  if (unknown === "too_few") return n > 0 ? `Too few (${n})` : "None in these hours";
  return unknown === "no_usual" ? "No usual for these hours yet" : "No data";
}

/** Where a value stands against its usual and its alert, as the figures beside it say; null where that is not known. */
export function sayStanding({ verdict, value, usual }: Pick<Judgement, "verdict" | "value" | "usual">): string | null {
  if (verdict === "unknown" || value === null || usual === null) return null;
  if (verdict === "breach") return "Above its usual, at an alert";
  if (value > usual.high) return "Above its usual, below the alert";
  return value < usual.low ? "Below its usual" : "Inside its usual";
}

/** What a rule fires on: `at 2 × the usual, for 15 min`. */
export function sayRule({ kind, factor, forMinutes, leastExcess, windows }: Rule): string {
  const lasting = forMinutes === 0 ? "at once" : `for ${forMinutes} min`;
  if (kind === "silent") return `no event where every past week had some, ${lasting}`;
  if (kind === "creeping") return `7 days at ${factor} × the weeks before and rising three weeks in a row`;
  if (kind === "objective" && windows)
    return `${factor} × in ${duration(windows.longMs)} and ${duration(windows.shortMs)}, from ${leastExcess} bad ones on`;
  if (kind === "burn" && windows)
    return `${factor} × in ${duration(windows.longMs)} and ${duration(windows.shortMs)}, once ${formatValue("share", leastExcess)} is spent`;
  return `at ${factor} × the usual, ${lasting}`;
}
