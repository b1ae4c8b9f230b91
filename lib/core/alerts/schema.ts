import { z } from "zod";

import { optionalNote, requiredNote } from "@/lib/core/shared/note";
import { FilterText, PageQuery } from "@/lib/core/shared/page";

import { RULES } from "./rules";
import { SIGNALS } from "./signals";
import { SIGNAL_SPAN_NAMES } from "./view";
import { Why } from "./why";

/** The states of an alert. `pending` lasts too short to tell anybody; `no_data` cannot be judged any more. */
export const ALERT_STATES = ["pending", "firing", "acknowledged", "silenced", "no_data", "resolved"] as const;
export const AlertState = z.enum(ALERT_STATES);
export type AlertState = z.infer<typeof AlertState>;

/** How an alert ended. `lapsed` was pending and never fired. */
export const Resolution = z.enum(["recovered", "dismissed", "no_data", "rule_off", "agent_stopped", "lapsed"]);
export type Resolution = z.infer<typeof Resolution>;

export const RESOLUTION_WORDS: Readonly<Record<Resolution, string>> = {
  recovered: "Back to its usual",
  dismissed: "Dismissed",
  no_data: "No data for 3 days",
  rule_off: "Its rule was switched off, or its objective removed",
  agent_stopped: "The agent was stopped",
  lapsed: "Did not last",
};

/** One occurrence of an alert. */
export const AlertItem = z.object({
  id: z.uuid(),
  rule: z.string(),
  signal: z.enum(SIGNALS),
  state: AlertState,
  agent: z.string(),
  agent_id: z.uuid(),
  demo: z.boolean(),
  /** Alerts of one cause share a group, named by its first alert. */
  group_id: z.uuid(),
  tool: z.string().nullable(),
  /** When the condition began to hold. */
  began_at: z.date(),
  fired_at: z.date().nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_at: z.date().nullable(),
  silenced_until: z.date().nullable(),
  resolved_at: z.date().nullable(),
  resolution: Resolution.nullable(),
  /** Why it was silenced or dismissed. */
  note: z.string().nullable(),
  /** What it fired on, or what it is pending on. */
  why: Why,
  /** What it was judged by last. */
  latest: Why.nullable(),
});
export type AlertItem = z.infer<typeof AlertItem>;

/** Which alerts to list. Without a state, those that are open or have fired. */
export const AlertFilter = PageQuery.extend({
  state: AlertState.or(z.literal("open")).optional().catch(undefined),
  signal: z.enum(SIGNALS).optional().catch(undefined),
  agent: FilterText,
});
export type AlertFilter = z.infer<typeof AlertFilter>;

/** How far back charts of signals reach. */
export const SignalSpan = z.enum(SIGNAL_SPAN_NAMES);

/** What the page of signals is asked with. */
export const SignalsQuery = AlertFilter.extend({ from: SignalSpan.catch("now-24h") });
export type SignalsQuery = z.infer<typeof SignalsQuery>;

export const AlertRef = z.strictObject({ id: z.uuid() });

/** The longest an alert may be silenced. */
export const MOST_SILENT_DAYS = 30;

/** Silences an alert until a moment, with the reason. */
export const SilenceAlertInput = z.strictObject({
  id: z.uuid(),
  until: z.iso.datetime({ offset: true }),
  reason: requiredNote(1_000),
});
export type SilenceAlertInput = z.infer<typeof SilenceAlertInput>;

/** How long a silence may last that is chosen from a list, in hours. */
export const SILENCE_HOURS = ["1", "4", "24", "168"] as const;

/** The same as a form sends it: a number of hours from now. */
export const SilenceAlertForm = z.strictObject({
  id: z.uuid(),
  hours: z.enum(SILENCE_HOURS),
  reason: requiredNote(1_000),
});

/** Closes an alert by hand, with the reason. */
export const DismissAlertInput = z.strictObject({ id: z.uuid(), reason: requiredNote(1_000) });
export type DismissAlertInput = z.infer<typeof DismissAlertInput>;

export const RuleId = z.enum(RULES.map(({ id }) => id));

const Factor = z.number().min(1).max(100);
const ForMinutes = z.int().min(0).max(1_440);

/** Changes a rule for every agent, or for one. What is left out goes back to what it was without the change. */
export const ChangeRuleInput = z.strictObject({
  rule: RuleId,
  /** The agent's handle; without one, for all. */
  agent: z.string().min(1).max(100).optional(),
  on: z.boolean().optional(),
  factor: Factor.optional(),
  for_minutes: ForMinutes.optional(),
  reason: optionalNote(1_000),
});
export type ChangeRuleInput = z.infer<typeof ChangeRuleInput>;

/** The same as its form sends it. */
export const ChangeRuleForm = z
  .strictObject({
    rule: RuleId,
    on: z.enum(["on", "off"]),
    factor: z.coerce.number().pipe(Factor),
    for_minutes: z.coerce.number().pipe(ForMinutes),
    reason: optionalNote(1_000),
  })
  .transform(({ on, ...rest }) => ({ ...rest, on: on === "on" }));

/** What became of the alerts of a while. */
export type AlertQuality = {
  readonly days: number;
  readonly fired: number;
  /** Acknowledged, or followed by a stop or an incident of the agent while open. */
  readonly actedOn: number;
  readonly dismissed: number;
  /** Ended by themselves before anybody did anything. */
  readonly ended: number;
  readonly open: number;
};
