import { z } from "zod";

import { optionalNote } from "@/lib/core/shared/note";

import { AgentOwners, AgentStatus, CredentialScope, Environment, Level } from "./schema";

const Agent = z.string().min(1).max(100);

/** A change of what is said about an agent, or of whether it may act. What is absent stays. */
export const UpdateAgentInput = z.strictObject({
  /** The agent's handle. */
  agent: Agent,
  task: z.string().trim().min(1).max(2_000).optional(),
  dri: z.string().trim().min(1).max(320).optional(),
  owners: AgentOwners.optional(),
  environment: Environment.optional(),
  status: AgentStatus.exclude(["draft"]).optional(),
});
export type UpdateAgentInput = z.infer<typeof UpdateAgentInput>;

export const SetLevelInput = z.strictObject({
  agent: Agent,
  level: Level,
  /** Why; needed to raise a level. */
  reason: optionalNote(1_000),
});
export type SetLevelInput = z.infer<typeof SetLevelInput>;

export const CreateCredentialInput = z.strictObject({
  agent: Agent,
  /** Days until it stops working. */
  days: z.int().min(1).max(365).default(90),
  scopes: z.array(CredentialScope).min(1).max(3).default(["decide", "ingest", "context"]),
});
export type CreateCredentialInput = z.infer<typeof CreateCredentialInput>;

export const RevokeCredentialInput = z.strictObject({ agent: Agent, credential_id: z.uuid() });
export type RevokeCredentialInput = z.infer<typeof RevokeCredentialInput>;
