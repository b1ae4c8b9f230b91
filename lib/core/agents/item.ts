import { z } from "zod";

import { Verdict } from "@/lib/core/decisions/schema";
import { WaitingProposal } from "@/lib/core/people/proposal";
import { FilterText } from "@/lib/core/shared/page";
import { DecisionItem } from "@/lib/core/runs/decision";

import { AgentOwners, AgentStatus, CredentialScope, Environment, Level } from "./schema";

/** How many calls got which verdict. */
export const VerdictCounts = z.record(Verdict, z.int());
export type VerdictCounts = z.infer<typeof VerdictCounts>;

/** An agent in a list. `id` and `agent_id` are its handle, which people and URLs use; `uid` is its row. */
export const AgentItem = z.object({
  uid: z.uuid(),
  agent_id: z.string(),
  id: z.string(),
  task: z.string(),
  status: AgentStatus,
  level: Level,
  environment: Environment,
  dri: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  manifest_version: z.int().nullable(),
  demo: z.boolean(),
  created_at: z.date(),
  counts_24h: VerdictCounts,
});
export type AgentItem = z.infer<typeof AgentItem>;

/** Which agents to list. */
export const AgentFilter = z.object({
  status: AgentStatus.optional().catch(undefined),
  limit: z.coerce.number().int().min(1).max(200).catch(100),
  cursor: FilterText,
});
export type AgentFilter = z.infer<typeof AgentFilter>;

/** A key as it may be shown after it was made: never the secret. */
export const CredentialItem = z.object({
  id: z.uuid(),
  hint: z.string(),
  scopes: z.array(CredentialScope),
  created_at: z.date(),
  expires_at: z.date(),
  revoked_at: z.date().nullable(),
  usable: z.boolean(),
});
export type CredentialItem = z.infer<typeof CredentialItem>;

/** An approval somebody has to decide. */
export const PendingApproval = z.object({
  id: z.uuid(),
  tool: z.string(),
  band: z.enum(["low", "elevated", "high", "critical"]),
  score: z.int(),
  expires_at: z.date(),
});
export type PendingApproval = z.infer<typeof PendingApproval>;

/** One agent with all that belongs to it. */
export const AgentDetail = AgentItem.extend({
  owners: AgentOwners,
  credentials: z.array(CredentialItem),
  manifest: z
    .object({ version: z.int(), hash: z.string(), text: z.string(), published_at: z.date().nullable() })
    .nullable(),
  /** A proposed version that waits for a second person. */
  pending_version: z.int().nullable(),
  /** A higher level, and another environment, that wait for a second person. */
  proposed_level: WaitingProposal.nullable(),
  proposed_environment: WaitingProposal.nullable(),
  decisions: z.array(DecisionItem),
  approvals: z.array(PendingApproval),
});
export type AgentDetail = z.infer<typeof AgentDetail>;
