import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";
import { ApprovalId } from "@/lib/core/shared/brand";

import { Headline } from "./headline";

const Agent = z.string().min(1).max(100);

/** An agent that asked for so much that it may ask for nothing until its pause is over or a person lets it. */
export const Flood = z.object({
  agent: z.string(),
  driId: z.uuid(),
  /** Its requests that wait now, and how many calls were refused for their number since it began. */
  waiting: z.int(),
  refused: z.int(),
  since: z.date(),
  pausedUntil: z.date(),
  now: z.date(),
});
export type Flood = z.infer<typeof Flood>;

/** Lets a paused agent ask again. */
export const LetAgentAskInput = z.strictObject({ agent: Agent });
export type LetAgentAskInput = z.infer<typeof LetAgentAskInput>;

/** Refuses all that one agent has waiting, with one reason for all. */
export const DenyWaitingInput = z.strictObject({
  agent: Agent,
  note: requiredNote(2_000).default("This agent asked for too much at once."),
});
export type DenyWaitingInput = z.infer<typeof DenyWaitingInput>;

/** Asks the agent to make its dry run again. */
export const RequestRerunInput = z.strictObject({ approval_id: ApprovalId });
export type RequestRerunInput = z.infer<typeof RequestRerunInput>;

/** How often an agent asked for much the same within an hour: the same tool and arguments, whatever they say. */
export const AskedLately = z.object({ asked: z.int(), denied: z.int() });
export type AskedLately = z.infer<typeof AskedLately>;

/** What the agent of a request did besides: how often it asked for much the same, and what it asks instead. */
export type AskingDetail = { readonly lately: AskedLately; readonly successor: Successor | null };

/** The request that took the place of another. */
export const Successor = z.object({ id: z.uuid(), headline: Headline });
export type Successor = z.infer<typeof Successor>;
