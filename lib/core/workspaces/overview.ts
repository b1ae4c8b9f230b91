import { z } from "zod";

import { Headline } from "@/lib/core/approvals/headline";
import type { TaskCounts } from "@/lib/core/approvals/desk";
import { Band, Verdict } from "@/lib/core/decisions/schema";
import type { IncidentItem } from "@/lib/core/incidents/schema";

/** How many waiting actions each band has. */
export const BandCount = z.object({ band: Band, waiting: z.int() });
export type BandCount = z.infer<typeof BandCount>;

/** A waiting action, as far as one line needs it. */
export const WaitingItem = z.object({
  id: z.uuid(),
  agent: z.string(),
  tool: z.string(),
  headline: Headline.nullable().catch(null),
  /** On whom or what it acts, as `name=value`. */
  target: z.string().nullable(),
  band: Band,
  score: z.int(),
  expires_at: z.date(),
});
export type WaitingItem = z.infer<typeof WaitingItem>;

/** A manifest version that widens what an agent may do and waits for a second person. */
export const PendingManifest = z.object({
  agent: z.string(),
  version: z.int(),
  author: z.string().nullable(),
  created_at: z.date(),
});
export type PendingManifest = z.infer<typeof PendingManifest>;

/** Decisions of one hour of the day (UTC) with one verdict. */
export const HourCount = z.object({ hour: z.int().min(0).max(23), verdict: Verdict, count: z.int() });
export type HourCount = z.infer<typeof HourCount>;

/** What one rule of one agent refused today. */
export const RefusingRule = z.object({
  agent: z.string(),
  tool: z.string(),
  verdict: Verdict,
  rule: z.string().nullable(),
  count: z.int(),
});
export type RefusingRule = z.infer<typeof RefusingRule>;

/** A run that was halted today. */
export const HaltedRun = z.object({
  id: z.uuid(),
  agent: z.string(),
  run: z.string(),
  reason: z.string().nullable(),
  last_at: z.date(),
});
export type HaltedRun = z.infer<typeof HaltedRun>;

/** One agent's day. Money is in millionths of a US dollar. */
export const AgentDay = z.object({
  agent: z.string(),
  demo: z.boolean(),
  decisions: z.int(),
  allowed: z.int(),
  denied: z.int(),
  halted: z.int(),
  /** Reported by outcomes; where an outcome named no cost, what was reserved for it. */
  settled_micros: z.int(),
  /** Held for allowed calls whose outcome has not come. */
  reserved_micros: z.int(),
  /** Allowed calls whose outcome named a cost. */
  priced: z.int(),
  /** The dearest run that was active today, and the bound of one run by the published manifest. */
  dearest_run_micros: z.int(),
  run_bound_usd: z.number().nullable(),
});
export type AgentDay = z.infer<typeof AgentDay>;

/** The day of all agents together, however many are listed. */
export const AllAgentsDay = AgentDay.pick({
  decisions: true,
  allowed: true,
  denied: true,
  halted: true,
  settled_micros: true,
  reserved_micros: true,
  priced: true,
}).extend({
  /** How many agents made a call. */
  agents: z.int(),
});
export type AllAgentsDay = z.infer<typeof AllAgentsDay>;

export type AgentDays = { readonly all: AllAgentsDay; readonly days: readonly AgentDay[] };

/** Everything the overview shows. Days are UTC days. */
export type Overview = {
  readonly day: Date;
  readonly agents: number;
  /** Whether any call was ever decided here. */
  readonly used: boolean;
  readonly bands: readonly BandCount[];
  readonly waiting: readonly WaitingItem[];
  readonly pendingManifests: readonly PendingManifest[];
  readonly hours: readonly HourCount[];
  readonly rules: readonly RefusingRule[];
  /** Open incidents, the newest first; at most a few. */
  readonly incidents: readonly IncidentItem[];
  readonly tasks: TaskCounts;
  /** Actions of the last seven days that expired without anybody having looked. */
  readonly unseen: number;
  readonly haltedRuns: readonly HaltedRun[];
  readonly agentDays: AgentDays;
  /** Whether the day has more decisions than were counted; the newest were. */
  readonly truncated: boolean;
};

/** The decisions of a day with one of these verdicts. */
export function countVerdicts(hours: readonly HourCount[], ...verdicts: readonly Verdict[]): number {
  return hours.reduce((sum, hour) => (verdicts.includes(hour.verdict) ? sum + hour.count : sum), 0);
}
