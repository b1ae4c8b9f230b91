import "server-only";

import type { ProposalKind, WaitingProposal } from "@/lib/core/people/proposal";
import { canWritePolicy } from "@/lib/core/agents/permission";
import type { MemberId } from "@/lib/core/shared/brand";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import type { Tx } from "@/lib/data/db";
import { listActing } from "@/lib/data/people";
import { confirmProposal, findPendingProposal, type PendingProposal, putProposal } from "@/lib/data/proposals";

import { requireMember, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { faultBeside, refuseLoneWidening } from "./second-person";

type Asked = {
  readonly kind: ProposalKind;
  /** The agent's handle or the tool's name. */
  readonly subject: string;
  /** The row of the agent; null for what is no agent's. */
  readonly agentId: string | null;
  readonly content: JsonObject;
  /** What holds now: a word given for something else is no word for this. */
  readonly base: JsonObject;
  readonly reason: string;
};

/** `kept`: the first word; `standing`: that person's own word again; `second`: it may be done now, in this transaction. */
export type Word =
  | { readonly state: "kept" }
  | { readonly state: "standing" }
  | { readonly state: "second"; readonly proposedBy: MemberId };

/** Whether what was asked for is not to be done yet: a second person's word is missing. Nothing asked waits for nobody. */
export const waitsForSecond = (word: Word | null | undefined): word is Exclude<Word, { readonly state: "second" }> =>
  word !== null && word !== undefined && word.state !== "second";

/**
 * Takes one person's word for what loosens. The first is kept; when another, independent person asks for the very same
 * while the same holds, it may be done. A proposer who may not write policy any more no longer counts: the word is then
 * the first. The caller holds the barrier, so of two at once one is first.
 *
 * @throws {AppError} `conflict` (`not_independent`) for one who counts as one with the first; `not_pending` when the
 *   proposal was withdrawn or rejected in the same moment
 */
export async function takeWord(tx: Tx, ctx: ServiceContext, asked: Asked): Promise<Word> {
  const { memberId } = requireMember(ctx);
  const { kind, subject, agentId, content, base, reason } = asked;
  const digest = digestOf(sha256Hex, { content, base });
  const waiting = await findPendingProposal(tx, ctx.workspaceId, kind, subject);
  if (waiting === null || waiting.digest !== digest || !(await mayPropose(tx, ctx, waiting))) {
    await putProposal(tx, ctx.workspaceId, { kind, subject, content, digest, reason, by: memberId });
    return { state: "kept" };
  }
  if (waiting.by === memberId) return { state: "standing" };
  await refuseLoneWidening(tx, ctx, waiting.by, agentId);
  if (!(await confirmProposal(tx, ctx.workspaceId, waiting.id, memberId))) {
    // Taking it back and saying no hold nobody up, so they do not wait for the barrier.
    const message = "What was proposed has been withdrawn or rejected meanwhile. Look at it again.";
    throw new AppError("conflict", message, { reason: "not_pending" });
  }
  return { state: "second", proposedBy: waiting.by };
}

async function mayPropose(tx: Tx, ctx: ServiceContext, { by }: PendingProposal): Promise<boolean> {
  const [author] = await listActing(tx, ctx.workspaceId, [by]);
  return author !== undefined && !author.disabled && author.joinedAt !== null && canWritePolicy(author.roles);
}

/** What waits for a second person, as the person who looks sees it; null when nothing does. */
export async function waitingProposal(
  ctx: ServiceContext,
  kind: ProposalKind,
  subject: string,
  agentId: string | null,
): Promise<WaitingProposal | null> {
  const { memberId } = requireMember(ctx);
  const waiting = await findPendingProposal(ctx.db, ctx.workspaceId, kind, subject);
  if (waiting === null) return null;
  const notSecond =
    waiting.by === memberId
      ? "You proposed it. Another policy administrator must request the same."
      : ((await faultBeside(ctx.db, ctx, waiting.by, agentId))?.message ?? null);
  return {
    id: waiting.id,
    content: waiting.content,
    reason: waiting.reason,
    by: { id: waiting.by, name: waiting.byName },
    created_at: waiting.createdAt,
    not_second: notSecond,
  };
}
