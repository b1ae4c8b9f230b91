import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

import { type DemoSpan, spanIdOf, traceIdOf } from "./otlp";
import { MINI, type Profile } from "./telemetry-profiles";
import { modelSpan, type Place, refusedSpan, retrievalSpan, rootSpan } from "./telemetry-spans";

/** The support agent answered with another model until yesterday. */
const SWAPPED = { agent: "support-triage-v2", before: MINI, sinceDays: 1, version: "2.3.2" };
const READ_MS = 90;
/** Five weeks: events are kept for 30 days, and signals compare with those. */
const HISTORY_DAYS = 35;
const PAST_MODEL_MS = 1_100;
const LEAST_CALLS = 2;
const MOST_MORE_CALLS = 4;
/** Most work is done in office hours of weekdays. */
const FIRST_HOUR = 7;
const OFFICE_HOURS = 12;
const WEEKEND_SHARE = 0.4;
/** What is played now must not meet what was played before it. */
const LATEST_MS = 2 * HOUR_MS;
const TRIED_ONE_IN = 3;
const LIMITED_ONE_IN = 3;
const REFUSED_MS = 60;
/** Tokens that still come from the cache once the prompt begins with what changes. */
const BROKEN_CACHE = 600;
const CUSTOMERS = ["northwind", "contoso", "fabrikam", "adventure-works"];

/** What one agent tells of one day, and when it arrives: on the day itself, as exporters send it. */
export type PastDay = { readonly receivedAt: number; readonly spans: readonly DemoSpan[] };

/** The model calls and retrievals of the weeks before the demo begins, by day. */
export function pastDays(agent: string, profile: Profile, now: number): readonly PastDay[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return Array.from({ length: HISTORY_DAYS + 1 }, (_, index) => {
    const start = today - (HISTORY_DAYS - index) * DAY_MS;
    const isWeekend = [0, 6].includes(new Date(start).getUTCDay());
    const runs = Math.ceil(profile.runsADay * (isWeekend ? WEEKEND_SHARE : 1));
    const spans = Array.from({ length: runs }, (_run, nth) =>
      pastRun(agent, profile, { day: HISTORY_DAYS - index, nth, start }),
    ).filter((run) => Math.max(...run.map(({ to }) => to)) < now - LATEST_MS);
    return { receivedAt: Math.min(start + DAY_MS - 1, now), spans: spans.flat() };
  }).filter(({ spans }) => spans.length > 0);
}

type Past = { readonly day: number; readonly nth: number; readonly start: number };

function pastRun(agent: string, profile: Profile, { day, nth, start }: Past): readonly DemoSpan[] {
  const isSwapped = agent === SWAPPED.agent && day > SWAPPED.sinceDays;
  const model = isSwapped ? SWAPPED.before : (triedIn(profile, nth) ?? profile.model);
  const session = `${agent}-day-${day}-${nth + 1}`;
  const prompt = promptOf(profile, day);
  const version = isSwapped ? SWAPPED.version : prompt.version;
  const customer = CUSTOMERS[drawn(session, "customer") % CUSTOMERS.length] ?? "northwind";
  const place: Place = { agent, version, run: `${session}-1`, session, customer };
  const trace = traceIdOf(`${agent}/${place.run}`);
  const root = spanIdOf(`${place.run}/root`);
  const base = { trace, parent: root };
  const hour =
    drawn(session, "night") % 8 === 0
      ? drawn(session, "hour") % 24
      : FIRST_HOUR + (drawn(session, "hour") % OFFICE_HOURS);
  const began = start + hour * HOUR_MS + (drawn(session, "minute") % 59) * MINUTE_MS;
  const calls = LEAST_CALLS + (drawn(session, "calls") % MOST_MORE_CALLS);
  const spans: DemoSpan[] = [retrievalSpan(base, place, profile, { from: began, ms: READ_MS })];
  for (let at = 0; at < calls; at += 1) {
    const from = began + READ_MS + at * PAST_MODEL_MS;
    const ms = PAST_MODEL_MS - 200 - (drawn(`${place.run}-${at}`, "ms") % 500);
    const id = `${place.run}/model-${at}`;
    if (profile.isLimited === true && at === 1 && drawn(session, "limit") % LIMITED_ONE_IN === 0)
      spans.push(refusedSpan(base, place, model, { from: from - REFUSED_MS, to: from - 1, id: `${id}-first` }));
    spans.push(modelSpan(base, place, model, { from, to: from + ms, at, id, cached: prompt.cached }));
  }
  const to = began + READ_MS + calls * PAST_MODEL_MS;
  const outcome = drawn(session, "outcome") % 14 === 0 ? "failed_validation" : "success";
  return [...spans, rootSpan(trace, root, place, { from: began, to }, outcome)];
}

/** Which version an agent was so many days ago, and how much of its prompt came from the cache where that is less than could. */
function promptOf({ version, brokenCache }: Profile, day: number) {
  if (brokenCache === undefined) return { version, cached: undefined };
  const isBroken = day < brokenCache.sinceDays;
  return isBroken ? { version, cached: BROKEN_CACHE } : { version: brokenCache.versionBefore, cached: undefined };
}

const triedIn = ({ tried }: Profile, nth: number) => (nth % TRIED_ONE_IN === 0 ? tried : undefined);

/** A number that is the same at each start. */
const drawn = (name: string, what: string): number => Number.parseInt(spanIdOf(`${name} ${what}`).slice(0, 6), 16);
