import "server-only";

import { type DecisionAnswer, type Remaining, remainingAnswer } from "@/lib/core/decisions/answer";
import type { Decision, Verdict } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";
import { env } from "@/lib/platform/env";
import type { CommittedDecision } from "@/lib/data/decisions-commit";

type Answered = {
  readonly decisionId: string;
  readonly decision: Pick<Decision, "verdict" | "rule" | "reasons" | "risk">;
  readonly manifest: { readonly version: number | null; readonly hash: string | null };
  readonly actionDigest: string;
  readonly approval: DecisionAnswer["approval"];
  readonly remaining: Remaining;
  readonly receipt: string;
};

/** The answer to a call, as its agent is told it. */
export function answerOf(answered: Answered): DecisionAnswer {
  const { verdict, rule, reasons, risk } = answered.decision;
  const { version, hash } = answered.manifest;
  return {
    decision_id: answered.decisionId,
    verdict,
    rule,
    reasons: [...reasons],
    manifest: version === null || hash === null ? null : { version, hash },
    risk,
    action_digest: answered.actionDigest,
    approval: answered.approval,
    remaining: remainingAnswer(answered.remaining),
    receipt: answered.receipt,
  };
}

/** The answer to a call that was committed before, rebuilt from what was stored: the same, word for word. */
export function answerOfDecision(known: CommittedDecision, receipt: string): DecisionAnswer {
  return answerOf({
    decisionId: known.id,
    decision: known,
    manifest: { version: known.manifest_version, hash: known.manifest_hash },
    actionDigest: known.action_digest,
    approval: approvalAnswer(known.verdict, known.approval_id, known.expires_at),
    remaining: known.remaining,
    receipt,
  });
}

/** Where an agent waits for people; null unless its call asks. */
export function approvalAnswer(
  verdict: Verdict,
  id: string | null,
  expiresAt: string | null,
): DecisionAnswer["approval"] {
  if (verdict !== "require_approval" || id === null || expiresAt === null) return null;
  return { id, url: new URL(paths.approval(id), env.PUBLIC_URL).href, expires_at: expiresAt };
}
