import "server-only";

import { v7 as uuidv7 } from "uuid";

import { compareEffect, type OutcomeEffect } from "@/lib/core/approvals/effect-differs";
import { type Outcome, outcomeOf, type ReportOutcomeInput, tokensOf } from "@/lib/core/decisions/outcome";
import { settle, type SettledChange, type SettledReport, type Settlement } from "@/lib/core/decisions/settle";
import { resultFaults } from "@/lib/core/manifests/compile";
import { asJson } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import type { Json } from "@/lib/core/shared/json";
import { microsOf } from "@/lib/core/shared/money";
import { batchColumns } from "@/lib/data/batch-wire";
import {
  findAllowedEffect,
  findDecidedTool,
  type OpenOutcome,
  type OutcomeRows,
  settleOutcome,
} from "@/lib/data/outcomes";

import { type AgentActor, requireAgent, type ServiceContext } from "../context";
import { addEvent, addHalt, type Book, noRareRows, rareParameter } from "../decisions/batch-book";
import { outcomeWriters } from "../decisions/decision-batches";
import { sha256Hex } from "../decisions/digests";
import { policyOf } from "../decisions/policy-cache";

/**
 * Records what became of an allowed call and settles what was held for it. The result is held against the tool's result
 * schema: one that does not fit is `failed_validation`, whatever the agent claims. What the call did is held against what
 * was allowed, and a difference is noted beside the outcome. The same report again may name more than was known, and then
 * that is added; its effect is the one of the first report.
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
    tokens: tokensOf(input.usage),
  };
  const effect =
    input.effect === undefined
      ? null
      : compareEffect(sha256Hex, await findAllowedEffect(ctx.db, ctx.workspaceId, decisionId), input.effect);
  const told = { report, faults: asJson(faults), latencyMs: input.latency_ms ?? null, effect };
  const escalates = policy.compiled?.onBudgetExceeded !== "halt";
  const status = await settleOutcome(outcomeWriters, { workspaceId: ctx.workspaceId, agentId, decisionId }, (open) => {
    const settlement = settle(report, open.standing);
    const rows = "change" in settlement ? rowsOf({ ctx, agent, decisionId, open, escalates, told }, settlement) : null;
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
  readonly told: {
    readonly report: SettledReport;
    readonly faults: Json;
    readonly latencyMs: number | null;
    readonly effect: OutcomeEffect | null;
  };
};

/** The outcome, or what was named after it, with its ledger entry and event, and what a halt leaves behind. */
function rowsOf(
  { ctx, agent, decisionId, open, escalates, told }: Settled,
  { status, change }: Extract<Settlement, { readonly change: unknown }>,
): OutcomeRows {
  const id = uuidv7();
  const { entries, events } = batchColumns();
  const { iso, handle, run_id: runId } = open;
  const book: Book = { workspaceId: ctx.workspaceId, iso, rows: { entries, events }, rare: noRareRows() };
  const { outcome, claimed, costMicros, tokens, resultHash } = told.report;
  const late = status === "added" ? lateOf(open, change) : null;
  const body = { v: 1, id, workspace: ctx.workspaceId, at: iso, decision: decisionId };
  const { effect } = told;
  const said = {
    ...body,
    kind: "outcome",
    outcome,
    claimed,
    cost_micros: costMicros,
    tokens,
    result_hash: resultHash,
    ...(effect !== null && { effect: asJson(effect) }),
  };
  const added = { ...body, kind: "outcome.add", ...late };
  entries.add({
    entry_id: id,
    entry_kind: late === null ? said.kind : added.kind,
    entry_body: canonicalJson(late === null ? said : added),
  });
  addEvent(book, id, "outcome.reported", { decision_id: decisionId, run_id: runId, outcome });
  if (late === null && effect !== null && effect.differs.length > 0)
    addEvent(book, uuidv7(), "outcome.effect_differs", { decision_id: decisionId, run_id: runId, agent: handle });
  const { halt } = change;
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
    latency_ms: told.latencyMs,
    effect,
  };
  return {
    p_report: late === null ? JSON.stringify(report) : null,
    p_late: late === null ? null : JSON.stringify({ id, ...late }),
    p_change: JSON.stringify(change),
    ...entries.lists,
    ...events.lists,
    p_rare: rareParameter(book.rare),
  };
}

/** What a report named beyond what was known; null of a metric that it did not raise. */
function lateOf({ standing }: OpenOutcome, { cost, tokens }: SettledChange) {
  const raised = (before: number | null, now: number | null) => (now === before ? null : now);
  return {
    cost_before: standing.cost.named,
    cost_micros: raised(standing.cost.named, cost.named),
    tokens_before: standing.tokens.named,
    tokens: raised(standing.tokens.named, tokens.named),
  };
}
