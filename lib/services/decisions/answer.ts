import "server-only";

import { type DecisionAnswer, Remaining, remainingAnswer } from "@/lib/core/decisions/answer";
import { type Decision, Reason, Verdict } from "@/lib/core/decisions/schema";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { paths } from "@/lib/core/shared/paths";
import { env } from "@/lib/platform/env";
import type { CommitItem, CommitResult } from "@/lib/data/commit-queue";
import type { CommittedDecision } from "@/lib/data/decisions-commit";
import { z } from "zod";

import { receiptOf } from "../ledger/receipt";
import type { Policy } from "./policy-cache";

const Committed = z.object({
  verdict: Verdict,
  rule: z.string().nullable(),
  reasons: z.array(Reason),
  approval_id: z.uuid().nullable(),
  expires_at: z.string().nullable(),
  remaining: Remaining,
});

/** The answer to a call that was committed just now. The commit may have been stricter than the evaluation. */
export function answerOfCommit(
  { decision }: { readonly decision: Decision },
  policy: Policy,
  item: CommitItem,
  result: CommitResult,
): DecisionAnswer {
  const made = Committed.parse(result.answer);
  const { version, hash } = policy.source;
  return {
    decision_id: String(item["decision_id"]),
    verdict: made.verdict,
    rule: made.rule,
    reasons: made.reasons,
    manifest: version === null || hash === null ? null : { version, hash },
    risk: decision.risk,
    action_digest: String(item["action_digest"]),
    approval: approvalAnswer(made.verdict, made.approval_id, made.expires_at),
    remaining: remainingAnswer(made.remaining),
    receipt: receiptOf(asJsonObject(result.entry)),
  };
}

/** The answer to a call that was committed before, rebuilt from what was stored: the same, word for word. */
export function answerOfDecision(known: CommittedDecision): DecisionAnswer {
  const { manifest_version: version, manifest_hash: hash } = known;
  return {
    decision_id: known.id,
    verdict: known.verdict,
    rule: known.rule,
    reasons: known.reasons,
    manifest: version === null || hash === null ? null : { version, hash },
    risk: known.risk,
    action_digest: known.action_digest,
    approval: approvalAnswer(known.verdict, known.approval_id, known.expires_at),
    remaining: remainingAnswer(known.remaining),
    receipt: receiptOf(asJsonObject(known.entry)),
  };
}

function approvalAnswer(verdict: Verdict, id: string | null, expiresAt: string | null): DecisionAnswer["approval"] {
  if (verdict !== "require_approval" || id === null || expiresAt === null) return null;
  return { id, url: new URL(paths.approval(id), env.PUBLIC_URL).href, expires_at: expiresAt };
}
