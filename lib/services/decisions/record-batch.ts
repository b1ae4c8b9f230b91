import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { DecisionAnswer } from "@/lib/core/decisions/answer";
import type { Asked, SettledRequest } from "@/lib/core/decisions/batch";
import { assumedOf } from "@/lib/core/decisions/reserve";
import type { StandingApproval } from "@/lib/core/decisions/standing";
import { storedChecks } from "@/lib/core/decisions/stored-checks";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { JudgedCall, Recorded } from "@/lib/data/run-batch";
import type { OpenBatch } from "@/lib/data/batch-standing";
import { batchColumns, type BatchColumns } from "@/lib/data/batch-wire";

import { receiptsOf } from "../ledger/receipt";
import { answerOf, approvalAnswer } from "./answer";
import { addEvent, addHalt, addNote, type Book, isoOf, noRareRows, rareParameter } from "./batch-book";
import { addTotals } from "./batch-totals";
import { approvalOf, type DecisionEntry, decisionEntry, storedFacts } from "./decision-entry";
import { openedRow } from "./opened-row";
import type { PreparedCall } from "./prepare-call";

type Call = JudgedCall<PreparedCall>;

/** A decision that is made durable, as its agent will be told it. */
export type MadeDecision = { readonly answer: DecisionAnswer; readonly at: Date };

/** What a batch writes: every row of its decisions, ledger entries and events, and the answers that follow its commit. */
export function recordBatch(
  workspaceId: WorkspaceId,
  batch: OpenBatch,
  calls: readonly Call[],
): Recorded<MadeDecision> {
  const rows = batchColumns();
  const book: BatchBook = { workspaceId, iso: batch.iso, batch, rows, rare: noRareRows() };
  const entries = calls.map((call) => decisionEntry(workspaceId, batch.iso, call));
  const receipts = receiptsOf(
    workspaceId,
    batch.iso,
    entries.map(({ body }, index) => ({ decision: calls[index]?.submission.asked.decisionId ?? "", body })),
  );
  for (const [index, entry] of entries.entries()) {
    const call = calls[index];
    if (call === undefined) continue;
    rows.entries.add({ entry_id: call.submission.asked.decisionId, entry_kind: "decision", entry_body: entry.body });
    addDecision(book, call, { entry, receipt: receipts[index] ?? "" });
    addAllowed(book, call);
    addQuestion(book, call);
    addConsequences(book, call);
  }
  addTotals(rows, book.rare, calls);
  const values = {
    ...rows.decisions.lists,
    ...rows.entries.lists,
    ...rows.events.lists,
    ...rows.allowed.lists,
    ...rows.runs.lists,
    ...rows.budgets.lists,
    ...rows.days.lists,
    ...rows.tallies.lists,
    p_rare: rareParameter(book.rare),
  };
  const at = new Date(batch.iso);
  const answers = calls.map((call, index) => ({ answer: answerTo(call, receipts[index] ?? ""), at }));
  return { values, answers };
}

type BatchBook = Book & { readonly batch: OpenBatch; readonly rows: BatchColumns };

function addDecision(
  book: BatchBook,
  { submission, standing, judgement }: Call,
  { entry, receipt }: { readonly entry: DecisionEntry; readonly receipt: string },
): void {
  const { asked, wanted, context } = submission;
  const { decision } = judgement;
  const { source, compiled } = context.policy;
  book.rows.decisions.add({
    id: asked.decisionId,
    agent: wanted.agentId,
    credential: wanted.credentialId,
    session: standing.run.session,
    run: standing.run.id,
    call_id: asked.call.call_id ?? "",
    step: judgement.step,
    tool: wanted.tool,
    tool_hash: context.tool.hash,
    action: asked.action,
    call: context.callText,
    salt: context.salt,
    verdict: decision.verdict,
    rule: decision.rule,
    reasons: JSON.stringify(decision.reasons),
    checks: JSON.stringify(storedChecks(decision.checks)),
    risk: JSON.stringify(decision.risk),
    facts: storedFacts(entry, judgement),
    manifest_version: source.version,
    manifest_hash: source.hash,
    guardrail_version: compiled?.guardrail?.version ?? null,
    guardrail_hash: compiled?.guardrail?.hash ?? null,
    approval: approvalOf(wanted.approvalId, judgement),
    reserved: judgement.reserves.cost.amount,
    remaining: JSON.stringify(judgement.remaining),
    // Only a call with a key can be asked for again, and must then be answered with the very same words.
    receipt: wanted.key === null ? null : receipt,
    trace: context.trace === null ? null : Buffer.from(context.trace.traceId, "hex"),
    parent_span: context.trace === null ? null : Buffer.from(context.trace.spanId, "hex"),
  });
  addEvent(book, asked.decisionId, "decision.made", {
    decision_id: asked.decisionId,
    agent: standing.caller.handle,
    tool: wanted.tool,
    verdict: decision.verdict,
    run_id: standing.run.id,
  });
}

function addAllowed({ rows, rare }: BatchBook, { submission, judgement }: Call): void {
  const { asked } = submission;
  const { used, decision, reserves } = judgement;
  if (decision.verdict !== "allow") return;
  rows.allowed.add({
    allowed_id: asked.decisionId,
    allowed_approval: used?.id ?? null,
    allowed_action: asked.action,
    allowed_micros: reserves.cost.amount,
    allowed_tokens: reserves.tokens.amount,
    allowed_micros_assumed: assumedOf(reserves.cost),
    allowed_tokens_assumed: assumedOf(reserves.tokens),
    allowed_dependency: asked.dependency,
  });
  if (used !== null) rare.used.push({ id: used.id, decision: asked.decisionId });
}

function addQuestion(book: BatchBook, call: Call): void {
  const { asked } = call.judgement;
  if (asked === null || asked.kind === "joined") return;
  const { rare } = book;
  const { standing, submission, judgement } = call;
  rare.opened.push(openedRow(call, asked));
  addEvent(book, asked.id, "approval.waiting", {
    approval_id: asked.id,
    agent: standing.caller.handle,
    tool: submission.wanted.tool,
    band: judgement.decision.risk.band,
    expires_at: isoOf(asked.expiresAt),
  });
  for (const settled of asked.superseded) addSuperseded(book, settled, asked);
  if (asked.expired !== null) addExpired(book, asked.expired);
}

function addSuperseded(
  book: BatchBook,
  { approval, was }: SettledRequest,
  by: Extract<Asked, { kind: "opened" }>,
): void {
  const about = { approval_id: approval.id, decision_id: approval.decision, superseded_by: by.id };
  settle(book, approval, { state: "superseded", superseded_by: by.id, settled_at: book.batch.moment });
  const id = addNote(book, "approval.supersede", { ...about, was });
  addEvent(book, id, "approval.settled", { ...about, state: "superseded" });
}

function addExpired(book: BatchBook, approval: StandingApproval): void {
  settle(book, approval, { state: "expired", superseded_by: null, settled_at: approval.expiresIso });
  const { id: approvalId, decision, expiresIso } = approval;
  const about = { approval_id: approvalId, decision_id: decision, expired_at: expiresIso, was: "waiting" };
  const id = addNote(book, "approval.expire", about);
  addEvent(book, id, "approval.settled", { approval_id: approvalId, state: "expired" });
}

type Settlement = { readonly state: string; readonly superseded_by: string | null; readonly settled_at: string };

/** One opened in this very batch is not in the table yet: its own row says what became of it. */
function settle({ rare }: BatchBook, { id }: StandingApproval, settlement: Settlement): void {
  const place = rare.opened.findIndex((row) => row["id"] === id);
  if (place === -1) rare.settled.push({ id, ...settlement });
  else rare.opened[place] = { ...rare.opened[place], ...settlement };
}

function addConsequences(book: BatchBook, { submission, standing, judgement }: Call): void {
  const { rare, batch } = book;
  const { asked, wanted } = submission;
  const { handle } = standing.caller;
  const { moved, flood } = judgement;
  if (judgement.halt !== null)
    addHalt(book, {
      agentId: wanted.agentId,
      handle,
      runId: standing.run.id,
      decisionId: asked.decisionId,
      halt: judgement.halt,
      opensIncident: judgement.halt.opensIncident,
    });
  if (judgement.takesTrial) rare.trials.push({ agent: wanted.agentId, tool: wanted.tool });
  if (judgement.dependencyTrial !== null) rare.dependency_trials.push({ dependency: judgement.dependencyTrial });
  if (moved !== null) {
    rare.moved.push({ id: moved.id });
    addEvent(book, uuidv7(), "approval.base_moved", { approval_id: moved.id, decision_id: asked.decisionId });
  }
  if (flood?.isPaused === true && flood.asking.pausedUntil !== null) {
    const { waiting, refused, pausedUntil } = flood.asking;
    const until = isoOf(pausedUntil);
    const details = { agent: handle, decision_id: asked.decisionId, waiting, refused, until };
    addEvent(book, addNote(book, "agent.asking_paused", details), "agent.asking_paused", { agent: handle, until });
  }
  for (const { metric, used, limit } of judgement.warnings)
    addEvent(book, uuidv7(), "budget.warning", { agent: handle, metric, used, limit, day: batch.today });
}

function answerTo({ submission, judgement }: Call, receipt: string): DecisionAnswer {
  const { asked, context } = submission;
  const { decision, asked: question } = judgement;
  const expiresAt =
    question === null ? null : question.kind === "joined" ? question.expiresIso : isoOf(question.expiresAt);
  return answerOf({
    decisionId: asked.decisionId,
    decision,
    manifest: context.policy.source,
    actionDigest: asked.action,
    approval: approvalAnswer(decision.verdict, question?.id ?? null, expiresAt),
    remaining: judgement.remaining,
    receipt,
  });
}
