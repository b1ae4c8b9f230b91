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
  reviewers: readonly ServiceContext[],
): Promise<void> {
  const { key } = await registerAgent(admin(), RegisterAgentInput.parse(INBOX_CLERK));
  await changeSettings(admin(), { calibration: true, calibration_one_in: 5, calibration_source_days: 0 });
  const cast: Cast = { agent: await authenticate(key, true), reviewers };
  const requests = reviewedRequests(reviewers.length);
  for (let at = 0, items = 0; at < requests.length; at += AT_ONCE) {
    await playTogether(requests.slice(at, at + AT_ONCE), cast);
    const { seeded } = await seedCalibration(system());
    if (seeded === null) continue;
    const by = items % reviewers.length;
    await answer(seeded, cast, { by, verdict: by === CARELESS ? "approve" : "deny", note: "Not what the case says." });
    items += 1;
  }
  await changeSettings(admin(), { calibration: false, calibration_one_in: 25, calibration_source_days: 7 });
}

/** Who takes part; nobody signs in anew for each word. */
type Cast = { readonly agent: ServiceContext; readonly reviewers: readonly ServiceContext[] };

const asNow = (ctx: ServiceContext): ServiceContext => ({ ...ctx, now: new Date() });

function reviewerOf({ reviewers }: Cast, by: number): ServiceContext {
  const ctx = reviewers[by % reviewers.length];
  if (ctx === undefined) throw new Error("the demo has no reviewers");
  return asNow(ctx);
}

/** All are asked for and looked at before the first is answered; each then goes its own way. */
async function playTogether(requests: readonly ReviewedRequest[], cast: Cast): Promise<void> {
  const asked = await Promise.all(
    requests.map(async (request) => {
      const decided = await decideCall(asNow(cast.agent), { call: request.call, idempotencyKey: null });
      const id = decided.approval?.id ?? null;
      if (id !== null) for (const { by } of request.answers) await openApproval(reviewerOf(cast, by), id);
      return { request, id };
    }),
  );
  await Promise.all(
    asked.map(async ({ request, id }) => {
      if (id === null) return;
      for (const given of request.answers) await answer(id, cast, given);
      if (request.answers.every(({ verdict }) => verdict === "approve")) await goOn(request, id, cast);
    }),
  );
}

/** The approved call, what came of it, and what somebody thought of it later. */
async function goOn(request: ReviewedRequest, id: string, cast: Cast): Promise<void> {
  const call = { ...request.call, approval_id: ApprovalId.parse(id) };
  const used = await decideCall(asNow(cast.agent), { call, idempotencyKey: null });
  if (used.verdict !== "allow") return;
  await reportOutcome(asNow(cast.agent), {
    decisionId: used.decision_id,
    outcome: request.outcome,
    cost_usd: request.call.estimate?.cost_usd ?? 0,
    latency_ms: 90,
  });
  if (request.regret !== undefined)
    await markRegret(reviewerOf(cast, 0), { decision_id: used.decision_id, note: request.regret });
}

/** A band that tokens may not answer stays open for you. */
async function answer(
  id: string,
  cast: Cast,
  { by, verdict, note }: ReviewedRequest["answers"][number],
): Promise<void> {
  const ctx = reviewerOf(cast, by);
  const { display_digest } = await readApproval(ctx, id);
  await castVote(ctx, { approval_id: ApprovalId.parse(id), verdict, display_digest, note }).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
}
