import { z } from "zod";

import { AgentHandle } from "@/lib/core/shared/names";

const Word = z.string().min(1).max(200);
const MOST_RULES = 100;

/**
 * One rule of which agent a subject of AuthZEN means: all subjects of a type, or the one with this id, where every
 * property named here has the value named here.
 */
export const AccessSubject = z.strictObject({
  type: Word.refine((type) => type !== "agent", "a subject of type `agent` is named by its handle"),
  id: Word.optional(),
  properties: z.record(Word, z.union([Word, z.number(), z.boolean()])).optional(),
  agent: AgentHandle,
});
export type AccessSubject = z.infer<typeof AccessSubject>;

/** The rules in their order; the first that fits decides. */
export const AccessSubjects = z.array(AccessSubject).max(MOST_RULES);
