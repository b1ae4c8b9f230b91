import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { ApprovalId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { authenticate } from "@/lib/services/access/authenticate";
import { registerAgent } from "@/lib/services/agents/register-agent";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { openApproval } from "@/lib/services/approvals/open-approval";
import { readApproval } from "@/lib/services/approvals/read-approval";
import { seedCalibration } from "@/lib/services/calibration/seed-calibration";
import type { ServiceContext } from "@/lib/services/context";
import { decideCall } from "@/lib/services/decisions/decide-call";
import { markRegret } from "@/lib/services/decisions/mark-regret";
import { reportOutcome } from "@/lib/services/outcomes/report-outcome";
import { changeSettings } from "@/lib/services/workspaces/change-settings";

import { INBOX_CLERK, type ReviewedRequest, reviewedRequests } from "./reviewing";

/** Few enough at once that no agent floods the desk. */
const AT_ONCE = 6;
/** Who lets calibration items through, and which of the reviewers' items those are. */
const CARELESS = 3;

/**
 * Plays what the demo's reviewers have decided so far, through the services: they have each action before them, answer
 * it, and the agent goes on. Calibration is on meanwhile and off again afterwards, because it is for a workspace to choose.
 */
export async function playReviewHistory(
  admin: () => ServiceContext,
  system: () => ServiceContext,
  reviewers: readonly string[],
): Promise<void> {
  const { key } = await registerAgent(admin(), RegisterAgentInput.parse(INBOX_CLERK));
  await changeSettings(admin(), { calibration: true, calibration_one_in: 5, calibration_source_days: 0 });
  const requests = reviewedRequests(reviewers.length);
  for (let at = 0, items = 0; at < requests.length; at += AT_ONCE) {
    await playTogether(requests.slice(at, at + AT_ONCE), key, reviewers);
    const { seeded } = await seedCalibration(system());
    if (seeded === null) continue;
    const by = items % reviewers.length;
    await answerItem(seeded, reviewers[by] ?? "", by === CARELESS ? "approve" : "deny");
    items += 1;
  }
  await changeSettings(admin(), { calibration: false, calibration_one_in: 25, calibration_source_days: 7 });
}

/** All are asked for and looked at before the first is answered. */
async function playTogether(
  requests: readonly ReviewedRequest[],
  key: string,
  reviewers: readonly string[],
): Promise<void> {
  const asked = await Promise.all(
    requests.map(async (request) => {
      const answer = await decideCall(await authenticate(key, true), { call: request.call, idempotencyKey: null });
      const id = answer.approval?.id ?? null;
      if (id !== null)
        for (const { by } of request.answers) await openApproval(await authenticate(reviewers[by] ?? "", false), id);
      return { request, id };
    }),
  );
  for (const { request, id } of asked) {
    if (id === null) continue;
    for (const { by, verdict, note } of request.answers) await answerItem(id, reviewers[by] ?? "", verdict, note);
    if (request.answers.every(({ verdict }) => verdict === "approve")) await goOn(request, id, key, reviewers[0] ?? "");
  }
}

/** The approved call, what came of it, and what somebody thought of it later. */
async function goOn(request: ReviewedRequest, id: string, key: string, reviewer: string): Promise<void> {
  const call = { ...request.call, approval_id: ApprovalId.parse(id) };
  const used = await decideCall(await authenticate(key, true), { call, idempotencyKey: null });
  if (used.verdict !== "allow") return;
  await reportOutcome(await authenticate(key, false), {
    decisionId: used.decision_id,
    outcome: request.outcome,
    cost_usd: request.call.estimate?.cost_usd ?? 0,
    latency_ms: 90,
  });
  if (request.regret !== undefined)
    await markRegret(await authenticate(reviewer, false), { decision_id: used.decision_id, note: request.regret });
}

/** A band that tokens may not answer stays open for you. */
async function answerItem(
  id: string,
  reviewer: string,
  verdict: "approve" | "deny" | "return",
  note = "Not what the case says.",
): Promise<void> {
  const ctx = await authenticate(reviewer, false);
  const { display_digest } = await readApproval(ctx, id);
  await castVote(ctx, { approval_id: ApprovalId.parse(id), verdict, display_digest, note }).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
}
