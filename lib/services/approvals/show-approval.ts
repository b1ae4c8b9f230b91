import "server-only";

import { type ChainCall, chainOf } from "@/lib/core/approvals/chain";
import { foldChain, refusedBefore } from "@/lib/core/approvals/chain-fold";
import type { ApprovalDetail, Chain, MayAnswer } from "@/lib/core/approvals/desk";
import type { Display } from "@/lib/core/approvals/display";
import { displayDiff } from "@/lib/core/approvals/display-diff";
import { effectView } from "@/lib/core/approvals/effect";
import { gateOf } from "@/lib/core/approvals/gate";
import { mayExtend } from "@/lib/core/approvals/extend";
import { withoutTypedCount } from "@/lib/core/approvals/hide-count";
import { REFUSALS } from "@/lib/core/approvals/refusal-words";
import { type Approval, quorumOf, stateAt, type Vote, type Voter } from "@/lib/core/approvals/schema";
import { rulesOf } from "@/lib/core/approvals/rules";
import { dependentVote, isOwnAgent, mayVote, notIndependentText } from "@/lib/core/approvals/vote";
import { NO_FACTS, type PeopleFacts } from "@/lib/core/people/independence";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { findAftermath } from "@/lib/data/aftermath";
import { findApproval, findVoter, listVotes } from "@/lib/data/approvals";
import { findRunRequest, listChainCalls } from "@/lib/data/chain";
import type { Tx } from "@/lib/data/db";
import { findAgentNow, findOutcomeOf, findToolRecord, listSimilarItems, readTogether } from "@/lib/data/desk";
import { findAskingDetail } from "@/lib/data/floods";
import { stepUpSince } from "@/lib/data/step-up";
import { findPeopleFacts } from "@/lib/data/people";
import { findSuccessor } from "@/lib/data/successors";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { readDisplay } from "./read-display";

/**
 * One action with all that a person needs to decide it, and what they may answer.
 *
 * @throws {AppError} `not_found`; `unavailable` when this version cannot read what was stored
 */
export async function showApproval(ctx: ServiceContext, id: string): Promise<ApprovalDetail> {
  const { memberId } = requireMember(ctx);
  const found = isUuid(id) ? await readTogether(ctx.db, (tx) => readAll(tx, ctx.workspaceId, memberId, id)) : null;
  if (!found) throw new AppError("not_found", "There is no such approval.");
  const { stored, votes, voter, people, calls, request, successor, settings, enrolled, ...rest } = found;
  const { approval, now } = stored;
  const display = readDisplay(stored);
  const view = effectView(display);
  return withoutTypedCount({
    ...rest,
    approval: { ...approval, state: stateAt(approval, now) },
    quorum: quorumOf(approval),
    display,
    intact: digestOf(sha256Hex, stored.display) === approval.displayDigest,
    view,
    gate: gateOf("approve", approval.band, "screen", view, rulesOf(settings)),
    stepUp: { enrolled },
    extendMinutes: mayExtend(approval, voter, now) ? settings.extend_once_minutes : 0,
    may: mayAnswer(approval, votes, voter, people),
    votes: visibleVotes(approval, votes, voter, now),
    chain: chainUpTo(calls, request, approval, display),
    change: successor && { successorId: successor.id, diff: displayDiff(display, readDisplay(successor)) },
    now,
  });
}

async function readAll(tx: Tx, workspaceId: WorkspaceId, memberId: MemberId, id: string) {
  const stored = await findApproval(tx, workspaceId, id);
  if (!stored) return null;
  const { approval } = stored;
  return {
    stored,
    votes: await listVotes(tx, workspaceId, approval.id),
    voter: await findVoter(tx, workspaceId, memberId),
    people: quorumOf(approval) > 1 ? await findPeopleFacts(tx, workspaceId, approval.agentId) : NO_FACTS,
    settings: await findSettings(tx, workspaceId),
    enrolled: (await stepUpSince(tx, workspaceId, memberId)) !== null,
    agent: await findAgentNow(tx, workspaceId, approval.agentId),
    asking: await findAskingDetail(tx, workspaceId, approval),
    record: await findToolRecord(tx, workspaceId, approval.agentId, approval.tool),
    similar: await listSimilarItems(tx, workspaceId, memberId, approval),
    calls: await listChainCalls(tx, workspaceId, approval.runId, approval.decisionId),
    request: await findRunRequest(tx, workspaceId, approval.runId),
    successor: approval.state === "superseded" ? await findSuccessor(tx, workspaceId, approval.id) : null,
    after: await findAftermath(tx, workspaceId, approval),
    outcome: approval.consumedBy === null ? null : await findOutcomeOf(tx, workspaceId, approval.consumedBy),
  };
}

function chainUpTo(
  calls: readonly ChainCall[],
  request: { readonly id: string; readonly at: Date; readonly goal: string | null } | null,
  approval: Approval,
  display: Display,
): Chain {
  const known = display.context.filter((source) => source.ttl_seconds !== null);
  const ttls = new Map(known.map((source) => [source.source, source.ttl_seconds ?? 0]));
  const steps = chainOf(calls, approval.decisionId, ttls);
  return {
    // What a run's first call says about itself is that call's own claim, and shown as such.
    request: {
      task: display.agent.task,
      goal: request === null || request.id === approval.decisionId ? null : request.goal,
      at: request?.at ?? null,
    },
    entries: foldChain(steps),
    refused: refusedBefore(steps),
    steps: steps.at(-1)?.step ?? 0,
  };
}

/** An independent review sees no other vote before it has given its own. */
function visibleVotes(approval: Approval, votes: readonly Vote[], voter: Voter | null, now: Date): readonly Vote[] {
  const open = stateAt(approval, now) === "waiting" && quorumOf(approval) > 1;
  return open ? votes.filter((vote) => vote.personId === voter?.personId) : votes;
}

function mayAnswer(approval: Approval, votes: readonly Vote[], voter: Voter | null, people: PeopleFacts): MayAnswer {
  const voted = votes.find((vote) => vote.personId === voter?.personId)?.verdict ?? null;
  if (voted !== null) return { approve: REFUSALS.already_voted.message, deny: REFUSALS.already_voted.message, voted };
  if (voter === null) return { approve: REFUSALS.role_missing.message, deny: REFUSALS.role_missing.message, voted };
  const without = `You need the ${approval.approverRole} role to decide this.`;
  const deny = mayVote(approval, voter, "deny") ? null : without;
  if (isOwnAgent(approval, voter)) return { approve: REFUSALS.self_approval.message, deny, voted };
  if (!mayVote(approval, voter, "approve")) return { approve: without, deny, voted };
  const dependent = dependentVote({ approval, votes, member: voter, people });
  return { approve: dependent && notIndependentText(dependent, people), deny, voted };
}
