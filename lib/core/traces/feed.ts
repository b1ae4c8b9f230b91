import { z } from "zod";

/** What feeds an agent: one instrumentation over one key, and when it was last heard. */
export const Feed = z.object({
  producer: z.string(),
  dialect: z.string(),
  credential_id: z.uuid(),
  first_received_at: z.date(),
  last_received_at: z.date(),
  last_event_at: z.date(),
  events: z.coerce.number(),
  /** Events whose time is too far from their arrival to count. */
  out_of_window: z.coerce.number(),
  /** Events that say that they are another agent's. */
  claims_other: z.coerce.number(),
});
export type Feed = z.infer<typeof Feed>;

/** An attribute that no rule reads, with how many events had it. */
export const UnreadKey = z.object({ producer: z.string(), key: z.string(), events: z.coerce.number() });
export type UnreadKey = z.infer<typeof UnreadKey>;

/** A tool call that ran and that nobody had decided. */
export const UngovernedCall = z.object({
  trace_id: z.string(),
  event_id: z.string(),
  tool: z.string(),
  run: z.string().nullable(),
  /** The run of decisions with that name, where there is one. */
  run_id: z.uuid().nullable(),
  started_at: z.date(),
});
export type UngovernedCall = z.infer<typeof UngovernedCall>;

/** What an agent's telemetry comes to. Counts are of the last 30 days; null where no tool call was looked for. */
export type AgentTelemetry = {
  readonly feeds: readonly Feed[];
  readonly unread: readonly UnreadKey[];
  readonly unreadKeys: number;
  readonly calls: { readonly governed: number; readonly ungoverned: number } | null;
  readonly ungoverned: readonly UngovernedCall[];
};
