import { z } from "zod";

import type { Usual } from "./baseline";
import type { AlertQuality } from "./schema";
import { SIGNAL_FACTS, SIGNALS } from "./signals";
import { hourSpan, type SignalView } from "./view";

/* Signals as programs read them: the same figures as on the page. */

const UsualBody = z
  .object({ median: z.number(), low: z.number(), high: z.number(), n: z.int() })
  .nullable()
  .describe("What past weeks had in the same hours: median, 5th and 95th percentile, and of how many windows.");

/** The body of `GET /api/v1/signals`. Values are in their unit: a share is from 0 to 1, picos are trillionths of a US dollar. */
export const SignalsBody = z.object({
  signals: z.array(
    z.object({
      signal: z.enum(SIGNALS),
      unit: z.string(),
      verdict: z.string(),
      unknown: z.string().nullable().describe("Why it cannot be judged."),
      value: z.number().nullable(),
      n: z.number(),
      hours: z.int().nullable().describe("Over how many hours the value was taken."),
      usual: UsualBody,
      limit: z.number().nullable().describe("What the value must exceed for an alert."),
      days_of_history: z.number(),
      points: z.array(
        z.object({
          from: z.iso.datetime(),
          to: z.iso.datetime(),
          value: z.number().nullable(),
          n: z.number(),
          usual: UsualBody,
        }),
      ),
    }),
  ),
  active_agents: z.int(),
  quality: z.object({
    days: z.int(),
    fired: z.int(),
    acted_on: z.int(),
    dismissed: z.int(),
    ended: z.int(),
    open: z.int(),
  }),
});
export type SignalsBody = z.infer<typeof SignalsBody>;

type Shown = {
  readonly signals: readonly SignalView[];
  readonly agents: number;
  readonly quality: AlertQuality;
};

/** Signals in the form of the API. */
export function signalsBody({ signals, agents, quality }: Shown): SignalsBody {
  const { actedOn, ...counts } = quality;
  return {
    signals: signals.map(({ signal, judged, days, points }) => ({
      signal,
      unit: SIGNAL_FACTS[signal].unit,
      verdict: judged.verdict,
      unknown: judged.unknown,
      value: judged.value,
      n: judged.n,
      hours: judged.hours,
      usual: usualBody(judged.usual),
      limit: judged.limit,
      days_of_history: days,
      points: points.map(({ hour, value, n, usual: then }) => ({
        ...hourSpan(hour),
        value,
        n,
        usual: usualBody(then),
      })),
    })),
    active_agents: agents,
    quality: { ...counts, acted_on: actedOn },
  };
}

const usualBody = (usual: Usual | null) =>
  usual && { median: usual.median, low: usual.low, high: usual.high, n: usual.n };
