import "server-only";

import { displayOf } from "@/lib/core/approvals/display";
import { quorumOf } from "@/lib/core/approvals/schema";
import { namedTool } from "@/lib/core/decisions/check-tools";
import type { Asked, AskedCall } from "@/lib/core/decisions/batch";
import type { Decision } from "@/lib/core/decisions/schema";
import { asJson } from "@/lib/core/shared/as-json";
import { digestOf } from "@/lib/core/shared/digest";
import type { JsonObject } from "@/lib/core/shared/json";
import type { JudgedCall } from "@/lib/data/run-batch";

import { isoOf } from "./batch-book";
import { salted, sha256Hex } from "./digests";
import type { PreparedCall } from "./prepare-call";

/** The row of a request for people, with everything they will be shown. Its columns are those of the table. */
export function openedRow(
  { submission, standing, judgement }: JudgedCall<PreparedCall>,
  { id, expiresAt }: Extract<Asked, { kind: "opened" }>,
): JsonObject {
  const { asked, wanted, context } = submission;
  const { decision } = judgement;
  const { risk, approval: terms } = decision;
  const display = displayFor(context, asked, decision);
  const displayDigest = digestOf(sha256Hex, asJson(display));
  const likeness = asked.likeness();
  return {
    id,
    agent_id: wanted.agentId,
    session_id: standing.run.session,
    run_id: standing.run.id,
    decision_id: asked.decisionId,
    tool: wanted.tool,
    action_digest: asked.action,
    manifest_version: context.policy.source.version,
    state: "waiting",
    display: asJson(display),
    display_digest: displayDigest,
    score: risk.score,
    band: risk.band,
    quorum: quorumOf({ quorum: terms.quorum, band: risk.band }),
    approver_role: terms.approverRole,
    separation_of_duties: terms.separationOfDuties,
    dri_at_request: standing.caller.dri,
    expires_at: isoOf(expiresAt),
    action_ref: salted(context.salt, asked.action),
    display_ref: salted(context.salt, displayDigest),
    args_digest: likeness.args,
    shape_digest: likeness.shape,
    shown_digest: likeness.shown,
    base_digest: asked.call.effect?.base?.digest ?? null,
    superseded_by: null,
    settled_at: null,
  };
}

function displayFor({ policy, tool }: PreparedCall, { call, action: actionDigest }: AskedCall, decision: Decision) {
  const { source, compiled, ttls } = policy;
  // The class that was decided by, which the manifest or the command itself may have tightened.
  const { reversibility, blastRadius } = (compiled && namedTool(compiled, call).tool) ?? tool;
  const path = decision.reasons.find(
    (reason) => reason.path.startsWith("/tools") || reason.path.startsWith("/risk"),
  )?.path;
  return displayOf({
    call,
    decision,
    agent: {
      handle: source.handle,
      task: source.task,
      environment: source.environment,
      level: source.level,
      dri: { name: source.dri_name, email: source.dri_email },
    },
    tool: { ...tool, reversibility, blastRadius },
    ttls,
    manifest: { version: source.version ?? 0, hash: source.hash ?? "" },
    ruleLine: path === undefined ? null : policy.lineOf(path),
    actionDigest,
  });
}
