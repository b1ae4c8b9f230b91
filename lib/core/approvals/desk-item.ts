import { z } from "zod";

import { Band } from "@/lib/core/decisions/schema";

import { Headline } from "./headline";
import { ApprovalState, VoteVerdict } from "./schema";

/** One action in a list of the desk. */
export const DeskItem = z.object({
  id: z.uuid(),
  headline: Headline,
  /** On whom or what it acts, as `name=value`, where an argument says so plainly: what tells two e-mails apart. */
  target: z.string().nullable().default(null),
  agent: z.string(),
  demo: z.boolean(),
  tool: z.string(),
  band: Band,
  score: z.int(),
  state: ApprovalState,
  quorum: z.int(),
  createdAt: z.date(),
  expiresAt: z.date(),
  settledAt: z.date().nullable(),
  /** When half its time was gone and it still waited. */
  escalatedAt: z.date().nullable().default(null),
  /** What the person who looks has answered. */
  mine: VoteVerdict.nullable(),
  /** Whether the person who looks is the agent's DRI, with duties separated. */
  own: z.boolean(),
});
export type DeskItem = z.infer<typeof DeskItem>;
