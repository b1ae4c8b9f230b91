import "server-only";

import { type AuditAnswer, SAMPLE_SIZE } from "@/lib/core/approvals/audit";
import type { DecisionDetail } from "@/lib/core/runs/decision";
import { drawAllowed } from "@/lib/data/audit";

import { requireMember, type ServiceContext } from "../context";
import { showDecision } from "../decisions/show-decision";

/** A call that ran unasked, with what the person who asks has said of it. */
export type SampledCall = { readonly decision: DecisionDetail; readonly answer: AuditAnswer | null };

/** A few of the last day's calls that ran under rules, drawn at random: nobody chooses what is looked at. */
export async function sampleAudit(ctx: ServiceContext, seed: string): Promise<readonly SampledCall[]> {
  const { memberId } = requireMember(ctx);
  const drawn = await drawAllowed(ctx.db, ctx.workspaceId, memberId, { seed, size: SAMPLE_SIZE });
  return Promise.all(drawn.map(async ({ id, answer }) => ({ decision: await showDecision(ctx, id), answer })));
}
