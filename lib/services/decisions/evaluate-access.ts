import "server-only";

import {
  type AccessAnswer,
  accessAnswer,
  type AccessRequest,
  agentOfSubject,
  callOfAccess,
  failedAnswer,
  type Semantic,
  UNKNOWN_SUBJECT,
} from "@/lib/core/decisions/authzen";
import { decide } from "@/lib/core/decisions/decide";
import type { Call } from "@/lib/core/decisions/schema";
import { asJson } from "@/lib/core/shared/as-json";
import type { AgentId } from "@/lib/core/shared/brand";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import { problemOf } from "@/lib/core/shared/problem";
import type { TraceParent } from "@/lib/core/traces/traceparent";
import { findAgentByHandle } from "@/lib/data/agents";
import { transact } from "@/lib/data/db";
import { findSettings } from "@/lib/data/workspaces";

import { requireAgent, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { takeTurn } from "../take-turn";
import { decideCall } from "./decide-call";
import { sha256Hex } from "./digests";
import { dryFacts } from "./dry-facts";
import { policyOf } from "./policy-cache";

/** One evaluation: a request, or why there is none. */
export type Asked =
  | { readonly ok: true; readonly request: AccessRequest }
  | { readonly ok: false; readonly answer: AccessAnswer };

export type EvaluateAccessInput = {
  readonly asked: readonly Asked[];
  readonly semantic: Semantic;
  /** For the single committing evaluation. */
  readonly idempotencyKey: string | null;
  /** For those that commit. */
  readonly trace: TraceParent | null;
};

/**
 * Answers AuthZEN evaluations with the one engine, in order, until the semantic ends them.
 *
 * An agent asks about itself, a policy administrator about any agent. Questions consume nothing and leave one entry in
 * the ledger together; evaluations that commit are decisions like any other, and only an agent may make them.
 */
export async function evaluateAccess(
  ctx: ServiceContext,
  { asked, semantic, ...sent }: EvaluateAccessInput,
): Promise<readonly AccessAnswer[]> {
  if (ctx.actor.kind === "agent") requireAgent(ctx, "decide");
  else requireRole(ctx, "policy_admin");
  const answers: AccessAnswer[] = [];
  for (const one of asked) {
    const answer = one.ok ? await answerTo(ctx, one.request, sent) : one.answer;
    answers.push(answer);
    if (semantic === "deny_on_first_deny" && !answer.decision) break;
    if (semantic === "permit_on_first_permit" && answer.decision) break;
  }
  // A decision leaves its own entry; whatever was only asked is noted here.
  if (answers.some(({ context }) => context?.committed !== true)) await noteQuestions(ctx, asked, answers);
  return answers;
}

type Sent = Pick<EvaluateAccessInput, "idempotencyKey" | "trace">;

/** One answer. What went wrong with one evaluation is told in its place and fails no other. */
async function answerTo(ctx: ServiceContext, request: AccessRequest, sent: Sent) {
  const meant = callOfAccess(request);
  if (!meant.ok) return failedAnswer(400, meant.message);
  try {
    const agentId = await subjectOf(ctx, request.subject);
    if (agentId === null) return UNKNOWN_SUBJECT;
    return meant.commit ? await committed(ctx, meant.call, sent) : await dry(ctx, agentId, meant.call);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failedAnswer(problemOf(error).status, error.message);
  }
}

/** The agent that is asked about, if this caller may ask about it. */
async function subjectOf(ctx: ServiceContext, subject: AccessRequest["subject"]): Promise<AgentId | null> {
  const rules = subject.type === "agent" ? [] : (await findSettings(ctx.db, ctx.workspaceId)).access_subjects;
  const handle = agentOfSubject(subject, rules);
  const agent = handle === null ? null : await findAgentByHandle(ctx.db, ctx.workspaceId, handle);
  if (!agent) return null;
  return ctx.actor.kind === "agent" && ctx.actor.agentId !== agent.agentId ? null : agent.agentId;
}

async function dry(ctx: ServiceContext, agentId: AgentId, call: Call): Promise<AccessAnswer> {
  const policy = await policyOf(ctx.db, ctx.workspaceId, agentId, true);
  const known = await dryFacts(ctx, agentId, { policy, calls: [call] });
  const decision = await takeTurn(ctx, () => decide(policy.compiled, call, known.factsOf(0)));
  return accessAnswer(decision, { committed: false });
}

async function committed(ctx: ServiceContext, call: Call, sent: Sent): Promise<AccessAnswer> {
  const decision = await decideCall(ctx, { call, ...sent });
  const { decision_id, approval, receipt } = decision;
  return accessAnswer(decision, { committed: true, decision_id, approval, receipt });
}

async function noteQuestions(
  ctx: ServiceContext,
  asked: readonly Asked[],
  answers: readonly AccessAnswer[],
): Promise<void> {
  const requests = asked.slice(0, answers.length).map((one) => (one.ok ? one.request : null));
  const details = {
    request_digest: digestOf(sha256Hex, asJson(requests)),
    evaluations: answers.length,
    permitted: answers.filter(({ decision }) => decision).length,
  };
  await transact(ctx.db, async (tx) => {
    if (ctx.actor.kind === "member") await requireNow(tx, ctx, "policy_admin");
    await record(tx, ctx, "access.evaluate", details);
  });
}
