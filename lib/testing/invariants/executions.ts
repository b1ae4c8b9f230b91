import { Call } from "@/lib/core/decisions/schema";
import { asJson } from "@/lib/core/shared/as-json";
import { actionDigest, digestOf } from "@/lib/core/shared/digest";
import { sha256Hex } from "@/lib/services/decisions/digests";

import type { State } from "./state";
import { groupBy, indexBy, violation, type Violation } from "./violation";

/** 1 and 2: what ran was allowed, with the same digest, and an approval let at most one thing run. */
export function executionViolations({ decisions, executions, outcomes }: State): Violation[] {
  const byId = indexBy(decisions, ({ id }) => id);
  const executed = indexBy(executions, ({ decision_id }) => decision_id);
  const found: Violation[] = [];
  for (const execution of executions) {
    const decision = byId.get(execution.decision_id);
    const what = `execution ${execution.decision_id}`;
    if (!decision) found.push(violation(1, `${what} has no decision`));
    else if (decision.verdict !== "allow") found.push(violation(1, `${what} follows a ${decision.verdict}`));
    else if (decision.action_digest !== execution.action_digest)
      found.push(violation(1, `${what} has another digest than its allow`));
    else if (decision.reserved_micros !== execution.reserved_micros)
      found.push(violation(5, `${what} holds another amount than its allow`));
  }
  for (const { id, verdict } of decisions) {
    if (verdict === "allow" && !executed.has(id)) found.push(violation(1, `allow ${id} has no execution`));
  }
  for (const { decision_id } of outcomes) {
    if (!executed.has(decision_id))
      found.push(violation(1, `an outcome names ${decision_id}, which was never allowed`));
  }
  const approved = executions.filter(({ approval_id }) => approval_id !== null);
  for (const [approval, uses] of groupBy(approved, ({ approval_id }) => approval_id ?? "")) {
    if (uses.length > 1) found.push(violation(2, `approval ${approval} let ${uses.length} calls run`));
  }
  return found;
}

/** 4: what was asked, shown, approved and let run is one action, recomputed from the call as it is stored. */
export function digestViolations(state: State): Violation[] {
  const agents = indexBy(state.agents, ({ id }) => id);
  const sessions = indexBy(state.sessions, ({ id }) => id);
  const approvals = indexBy(state.approvals, ({ id }) => id);
  const found: Violation[] = [];
  for (const decision of state.decisions) {
    const call = Call.safeParse(decision.call);
    if (!call.success) {
      found.push(violation(4, `the call of decision ${decision.id} cannot be read`));
      continue;
    }
    const session = sessions.get(decision.session_id)?.external_id ?? "";
    const digest = actionDigest(sha256Hex, {
      agent: agents.get(decision.agent_id)?.handle ?? "",
      session,
      tool: call.data.tool,
      tool_hash: decision.tool_hash,
      args: call.data.args,
      manifest_version: decision.manifest_version ?? 0,
    });
    const isSame = digest === decision.action_digest && call.data.tool === decision.tool;
    if (!isSame || call.data.session_id !== session)
      found.push(violation(4, `decision ${decision.id} does not have the digest of its call`));
  }
  for (const { approval_id, decision_id, action_digest } of state.executions) {
    if (approval_id !== null && approvals.get(approval_id)?.action_digest !== action_digest)
      found.push(violation(4, `decision ${decision_id} ran something else than approval ${approval_id} names`));
  }
  for (const { approval_id, action_digest } of state.grants) {
    if (approvals.get(approval_id)?.action_digest !== action_digest)
      found.push(violation(4, `the grant of approval ${approval_id} is for another action`));
  }
  for (const { id, display, display_digest } of state.approvals) {
    if (digestOf(sha256Hex, asJson(display)) !== display_digest)
      found.push(violation(4, `approval ${id} does not show what its digest names`));
  }
  return found;
}
