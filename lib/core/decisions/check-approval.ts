import type { CompiledManifest } from "@/lib/core/manifests/compile";
import type { CompiledTool, RowLimit } from "@/lib/core/manifests/compile-tool";

import type { AssessedRisk } from "./class-risk";
import { freezeReason, frozenBy } from "./check-environment";
import { PASS } from "./results";
import { type RowHints, rowsOf } from "./rows";
import type { Call, CheckResult, Facts, Reason } from "./schema";

/**
 * Check 11: `requires_approval`, a freeze that asks, rows over the limit, risk at or over the threshold; in this order, so that the most
 * specific rule is the one that is named. All reasons are kept.
 */
export function checkApproval(
  compiled: CompiledManifest,
  tool: CompiledTool,
  { call, facts, risk }: { readonly call: Call; readonly facts: Facts; readonly risk: AssessedRisk },
): CheckResult {
  let rule: string | null = null;
  let reasons: Reason[] | null = null;
  for (const approval of tool.approvals) {
    rule ??= approval.rule;
    (reasons ??= []).push(approval.reason);
  }
  for (const freeze of frozenBy(tool, facts, "require_approval")) {
    rule ??= freeze.rule;
    (reasons ??= []).push(freezeReason(tool, freeze));
  }
  for (const limit of tool.rowLimits) {
    const reason = rowsReason(limit, call, tool.content.hints);
    if (reason === null) continue;
    rule ??= limit.rule;
    (reasons ??= []).push(reason);
  }
  const risky = riskReason(compiled, risk);
  if (risky !== null) {
    rule ??= compiled.riskGate.rule;
    (reasons ??= []).push(risky);
  }
  return reasons === null ? PASS.approval : { check: "approval", verdict: "require_approval", rule, reasons };
}

/** A limit that is written must be kept certainly: rows that cannot be counted ask. The default only counts. */
function rowsReason({ most, isWritten, path }: RowLimit, call: Call, hints: RowHints): Reason | null {
  const rows = rowsOf(call.effect, call.args, hints);
  if (rows === null) {
    if (!isWritten) return null;
    const message = `At most ${most} rows may change without asking, and the call does not show how many would.`;
    return { code: "rows_unknown", message, path };
  }
  if (rows <= most) return null;
  return {
    code: "max_rows",
    message: `${rows} rows would change; more than ${most} must be approved by a person.`,
    path,
  };
}

function riskReason({ requireApprovalAt, riskGate }: CompiledManifest, { risk, gate }: AssessedRisk): Reason | null {
  if (requireApprovalAt === null || gate < requireApprovalAt) return null;
  const unknown = risk.score < requireApprovalAt ? `, and up to ${gate} by what is not known here` : "";
  const message = `The risk is ${risk.score}${unknown}; from ${requireApprovalAt} on a person must approve.`;
  return { code: "risk_threshold", message, path: riskGate.path };
}
