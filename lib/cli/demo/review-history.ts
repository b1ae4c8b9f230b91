import { setTimeout as sleep } from "node:timers/promises";

import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { ApprovalId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { SECOND_MS } from "@/lib/core/shared/time";
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
/** As many of one agent may wait; when so many are being looked at that the next might not fit, they are answered first. */
const PENDING_CAP = 25;
const MOST_LOOKED_AT = PENDING_CAP - AT_ONCE - 1;
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
  const calibrating = { calibration: true, calibration_one_in: 5, calibration_source_days: 0 };
  await changeSettings(admin(), { ...calibrating, high_by_token: true, pending_cap: PENDING_CAP });
  const cast: Cast = { agent: await authenticate(key, true), reviewers };
  const requests = reviewedRequests(reviewers.length);
  const looking: Asked[] = [];
  // High takes time to look at. Many are looked at together, so that a first start waits seldom.
  const finishAll = async () => {
    const all = looking.splice(0);
    await sleep(Math.max(0, ...all.map(({ seconds }) => seconds)) * SECOND_MS);
    await Promise.all(all.map((asked) => finish(asked, cast)));
  };
  for (let at = 0, items = 0; at < requests.length; at += AT_ONCE) {
    looking.push(...(await playTogether(requests.slice(at, at + AT_ONCE), cast)));
    if (looking.length > MOST_LOOKED_AT) await finishAll();
    const { seeded } = await seedCalibration(system());
    if (seeded === null) continue;
    const by = items % reviewers.length;
    const verdict = by === CARELESS ? ("approve" as const) : ("deny" as const);
    const given = { by, verdict, note: "Not what the case says." };
    const seconds = await look(seeded, cast, given);
    if (seconds === 0) await answer(seeded, cast, given);
    else looking.push({ request: null, answers: [given], id: seeded, seconds });
    items += 1;
  }
  await finishAll();
  const plain = { calibration: false, calibration_one_in: 25, calibration_source_days: 7 };
  await changeSettings(admin(), { ...plain, high_by_token: false, pending_cap: 10 });
}

/** Who takes part; nobody signs in anew for each word. */
type Cast = { readonly agent: ServiceContext; readonly reviewers: readonly ServiceContext[] };

const asNow = (ctx: ServiceContext): ServiceContext => ({ ...ctx, now: new Date() });

function reviewerOf({ reviewers }: Cast, by: number): ServiceContext {
  const ctx = reviewers[by % reviewers.length];
  if (ctx === undefined) throw new Error("the demo has no reviewers");
  return asNow(ctx);
}

type Given = ReviewedRequest["answers"][number];

/** What waits, and how long its reviewers have to look at it before they may approve it. Without a request it is an item. */
type Asked = {
  readonly request: ReviewedRequest | null;
  readonly answers: readonly Given[];
  readonly id: string;
  readonly seconds: number;
};

/**
 * All are asked for and looked at before the first is answered; each then goes its own way.
 *
 * @returns those that take time to look at and are not answered yet
 */
async function playTogether(requests: readonly ReviewedRequest[], cast: Cast): Promise<readonly Asked[]> {
  const asked = await Promise.all(requests.map((request) => askFor(request, cast)));
  const open = asked.filter((one) => one !== null);
  await Promise.all(open.filter(({ seconds }) => seconds === 0).map((one) => finish(one, cast)));
  return open.filter(({ seconds }) => seconds > 0);
}

async function askFor(request: ReviewedRequest, cast: Cast): Promise<Asked | null> {
  const decided = await decideCall(asNow(cast.agent), { call: request.call, idempotencyKey: null });
  const id = decided.approval?.id ?? null;
  if (id === null) return null;
  let seconds = 0;
  for (const given of request.answers) {
    await openApproval(reviewerOf(cast, given.by), id);
    seconds = Math.max(seconds, await look(id, cast, given));
  }
  return { request, answers: request.answers, id, seconds };
}

/** Reads what is asked. @returns how long it takes to look at it for this answer */
async function look(id: string, cast: Cast, { by, verdict }: Given): Promise<number> {
  const { approving } = await readApproval(reviewerOf(cast, by), id);
  return verdict === "approve" ? (approving?.seconds ?? 0) : 0;
}

async function finish({ request, answers, id }: Asked, cast: Cast): Promise<void> {
  for (const given of answers) await answer(id, cast, given);
  if (request?.answers.every(({ verdict }) => verdict === "approve")) await goOn(request, id, cast);
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
async function answer(id: string, cast: Cast, { by, verdict, note }: Given): Promise<void> {
  const ctx = reviewerOf(cast, by);
  const { display_digest, approving } = await readApproval(ctx, id);
  const evidence = { parts_viewed: [...(approving?.parts ?? [])], acknowledged: [...(approving?.acknowledge ?? [])] };
  const vote = { approval_id: ApprovalId.parse(id), verdict, display_digest, note };
  await castVote(ctx, { ...vote, ...(verdict === "approve" && { evidence }) }).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
}
