import type { CompiledManifest, CompiledTool } from "@/lib/core/manifests/compile";
import type { CompiledRule } from "@/lib/core/manifests/compile-rule";

import type { AssessedRisk } from "./class-risk";
import { PASS } from "./results";
import { rowsOf } from "./rows";
import type { Call, CheckResult, Reason } from "./schema";

/** How many rows an irreversible call may touch unless its entry says otherwise. */
const IRREVERSIBLE_MAX_ROWS = 1;

/**
 * Check 11: `requires_approval`, rows over the limit, risk at or over the threshold; in this order, so that the most
 * specific rule is the one that is named. All reasons are kept.
 */
export function checkApproval(
  compiled: CompiledManifest,
  tool: CompiledTool,
  { call, risk }: { readonly call: Call; readonly risk: AssessedRisk },
): CheckResult {
  let rule: string | null = null;
  let reasons: Reason[] | null = null;
  for (const entry of tool.rules) {
    if (entry.approval === null) continue;
    rule ??= `${entry.rule}.requires_approval`;
    (reasons ??= []).push(entry.approval);
  }
  for (const entry of tool.rules) {
    const reason = rowsReason(tool, entry, call);
    if (reason === null) continue;
    rule ??= `${entry.rule}.max_rows`;
    (reasons ??= []).push(reason);
  }
  const risky = riskReason(compiled, risk);
  if (risky !== null) {
    rule ??= "risk.require_approval_at";
    (reasons ??= []).push(risky);
  }
  return reasons === null ? PASS.approval : { check: "approval", verdict: "require_approval", rule, reasons };
}

/** A limit that is written must be kept certainly: rows that cannot be counted ask. The default only counts. */
function rowsReason(tool: CompiledTool, { maxRows, path }: CompiledRule, call: Call): Reason | null {
  if (maxRows === null && tool.reversibility !== "irreversible") return null;
  const most = maxRows ?? IRREVERSIBLE_MAX_ROWS;
  const rows = rowsOf(call.effect, call.args);
  if (rows === null) {
    if (maxRows === null) return null;
    const message = `At most ${most} rows may change without asking, and the call does not show how many would.`;
    return { code: "rows_unknown", message, path: `${path}/max_rows` };
  }
  if (rows <= most) return null;
  const message = `${rows} rows would change; more than ${most} must be approved by a person.`;
  return { code: "max_rows", message, path: maxRows === null ? path : `${path}/max_rows` };
}

function riskReason({ requireApprovalAt }: CompiledManifest, { risk, gate }: AssessedRisk): Reason | null {
  if (requireApprovalAt === null || gate < requireApprovalAt) return null;
  const unknown = risk.score < requireApprovalAt ? `, and up to ${gate} by what is not known here` : "";
  const message = `The risk is ${risk.score}${unknown}; from ${requireApprovalAt} on a person must approve.`;
  return { code: "risk_threshold", message, path: "/risk/require_approval_at" };
}
