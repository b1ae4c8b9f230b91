import { z } from "zod";

import { Band } from "@/lib/core/decisions/schema";
import { FilterText } from "@/lib/core/shared/page";

import { ApprovalState, DeskLane } from "./schema";

/** A day of a calendar, in UTC; a mangled one is none. */
const Day = z.iso.date().optional().catch(undefined);

/** What the history can be narrowed to. Everything is optional, and everything is in the address. */
export const HistoryQuery = z.object({
  state: z.union([DeskLane.extract(["mine", "history"]), ApprovalState]).catch("history"),
  band: Band.optional().catch(undefined),
  agent: FilterText,
  tool: FilterText,
  /** Words of the headline, an agent, a tool, or the id of a request, a decision or a run. */
  text: FilterText,
  /** Somebody who answered: part of a name or an address. */
  person: FilterText,
  from: Day,
  to: Day,
  cursor: z.uuid().optional().catch(undefined),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** Whether anything narrows it besides the lane. */
export function isNarrowed({ state, band, agent, tool, text, person, from, to }: HistoryQuery): boolean {
  const lane = state === "history" || state === "mine";
  return !lane || [band, agent, tool, text, person, from, to].some((value) => value !== undefined);
}

export const HISTORY_COLUMNS = [
  "id",
  "state",
  "asked_at_utc",
  "ended_at_utc",
  "headline",
  "agent",
  "tool",
  "band",
  "score",
  "decided_by",
  "told_to_the_agent",
] as const;
