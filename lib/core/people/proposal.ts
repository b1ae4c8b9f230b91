import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";

/** What loosens without being a version of a document, and takes two people like one that widens. */
export const PROPOSAL_KINDS = ["agent.level", "agent.environment", "tool.class"] as const;
export const ProposalKind = z.enum(PROPOSAL_KINDS);
export type ProposalKind = z.infer<typeof ProposalKind>;

/** What one person proposed and a second has to ask for as well, as screens and programs read it. */
export const WaitingProposal = z.object({
  id: z.uuid(),
  content: z.record(z.string(), z.unknown()),
  reason: z.string(),
  by: z.object({ id: z.uuid(), name: z.string() }),
  created_at: z.date(),
  /** Why the person who looks cannot be the second, in words; null when they can. */
  not_second: z.string().nullable(),
});
export type WaitingProposal = z.infer<typeof WaitingProposal>;

/** Takes back what one proposed oneself. */
export const WithdrawProposalInput = z.strictObject({ id: z.uuid() });
export type WithdrawProposalInput = z.infer<typeof WithdrawProposalInput>;

/** Says no to what another person proposed. */
export const RejectProposalInput = z.strictObject({ id: z.uuid(), reason: requiredNote(1_000) });
export type RejectProposalInput = z.infer<typeof RejectProposalInput>;

/** What became of a proposal that was taken back or refused. */
export const SettledProposal = z.object({
  id: z.uuid(),
  kind: ProposalKind,
  /** The agent's handle or the tool's name. */
  subject: z.string(),
  status: z.enum(["withdrawn", "rejected"]),
});
export type SettledProposal = z.infer<typeof SettledProposal>;

/** What the first of two people is told: the same sentence wherever something waits for a second one. */
export const WAITS_FOR_SECOND =
  "Saved, not in force yet. This loosens the policy, so a second, independent policy administrator must send the same request.";
