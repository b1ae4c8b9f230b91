import "server-only";

import { v7 as uuidv7 } from "uuid";

import { type Outcome, outcomeOf, type ReportOutcomeInput } from "@/lib/core/decisions/outcome";
import { settle, type SettledReport, type Settlement } from "@/lib/core/decisions/settle";
import { resultFaults } from "@/lib/core/manifests/compile";
import { asJson } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import type { Json } from "@/lib/core/shared/json";
import { microsOf } from "@/lib/core/shared/money";
import { batchColumns } from "@/lib/data/batch-wire";
import { findDecidedTool, type OpenOutcome, type OutcomeRows, settleOutcome } from "@/lib/data/outcomes";

import { type AgentActor, requireAgent, type ServiceContext } from "../context";
import { addEvent, addHalt, type Book, noRareRows, rareParameter } from "../decisions/batch-book";
import { outcomeWriters } from "../decisions/decision-batches";
import { sha256Hex } from "../decisions/digests";
import { policyOf } from "../decisions/policy-cache";

/**
 * Records what became of an allowed call and settles what was held for it. The result is held against the tool's result
 * schema: one that does not fit is `failed_validation`, whatever the agent claims.
 *
 * @throws {AppError} `not_found`; `conflict` (`not_allowed`) for a call that was not allowed, (`outcome_known`) for a
 *   second, different outcome
 */
export async function reportOutcome(
  ctx: ServiceContext,
  input: ReportOutcomeInput & { readonly decisionId: string },
): Promise<{ decision_id: string; outcome: Outcome; faults: readonly unknown[] }> {
  const agent = requireAgent(ctx, "decide");
  const { agentId } = agent;
  const { decisionId } = input;
  const tool = await findDecidedTool(ctx.db, ctx.workspaceId, agentId, decisionId);
  if (tool === null) throw new AppError("not_found", "This agent made no such call.");

  const policy = await policyOf(ctx.db, ctx.workspaceId, agentId);
  const faults =
    input.result === undefined ? [] : resultFaults(policy.compiled, policy.catalogue.get(tool), input.result);
  const outcome = outcomeOf(input.outcome, faults.length > 0);
  const report: SettledReport = {
    outcome,
    claimed: input.outcome,
    resultHash: input.result === undefined ? null : digestOf(sha256Hex, input.result),
    costMicros: input.cost_usd === undefined ? null : microsOf(input.cost_usd),
    tokens: input.usage?.total_tokens ?? null,
  };
  const told = { report, faults: asJson(faults), latencyMs: input.latency_ms ?? null };
  const escalates = policy.compiled?.onBudgetExceeded !== "halt";
  const status = await settleOutcome(outcomeWriters, { workspaceId: ctx.workspaceId, agentId, decisionId }, (open) => {
    const settlement = settle(report, open.standing);
    const rows =
      settlement.status === "recorded" ? rowsOf({ ctx, agent, decisionId, open, escalates, told }, settlement) : null;
    return { result: settlement.status, rows };
  });
  if (status === null) throw new AppError("not_found", "This agent made no such call.");
  if (status === "not_allowed") {
    throw new AppError("conflict", "That call was not allowed, so it has no outcome.", { reason: "not_allowed" });
  }
  if (status === "conflict") {
    throw new AppError("conflict", "Another outcome was reported for that call already.", { reason: "outcome_known" });
  }
  return { decision_id: decisionId, outcome, faults };
}

type Settled = {
  readonly ctx: ServiceContext;
  readonly agent: AgentActor;
  readonly decisionId: string;
  readonly open: OpenOutcome;
  /** Whether a halted run is something for people to look at. */
  readonly escalates: boolean;
  readonly told: { readonly report: SettledReport; readonly faults: Json; readonly latencyMs: number | null };
};

/** The outcome with its ledger entry and event, and what a halt leaves behind. */
function rowsOf(
  { ctx, agent, decisionId, open, escalates, told }: Settled,
  settlement: Extract<Settlement, { status: "recorded" }>,
): OutcomeRows {
  const id = uuidv7();
  const { entries, events } = batchColumns();
  const { iso, handle, run_id: runId } = open;
  const book: Book = { workspaceId: ctx.workspaceId, iso, rows: { entries, events }, rare: noRareRows() };
  const { outcome, claimed, costMicros, tokens, resultHash } = told.report;
  entries.add({
    entry_id: id,
    entry_kind: "outcome",
    entry_body: canonicalJson({
      v: 1,
      kind: "outcome",
      id,
      workspace: ctx.workspaceId,
      at: iso,
      decision: decisionId,
      outcome,
      claimed,
      cost_micros: costMicros,
      result_hash: resultHash,
    }),
  });
  addEvent(book, id, "outcome.reported", { decision_id: decisionId, run_id: runId, outcome });
  const { halt } = settlement;
  if (halt !== null)
    addHalt(book, { agentId: agent.agentId, handle, runId, decisionId, halt, opensIncident: escalates });
  const report = {
    id,
    outcome,
    claimed,
    faults: told.faults,
    result_hash: resultHash,
    cost_micros: costMicros,
    tokens,
  };
  return {
    p_report: JSON.stringify({ ...report, latency_ms: told.latencyMs }),
    p_change: JSON.stringify(settlement),
    ...entries.lists,
    ...events.lists,
    p_rare: rareParameter(book.rare),
  };
}
