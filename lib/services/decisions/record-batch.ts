import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { DecisionAnswer } from "@/lib/core/decisions/answer";
import { ENGINE } from "@/lib/core/decisions/engine";
import { type Asked, type Judgement, placeOf, type SettledRequest } from "@/lib/core/decisions/batch";
import { scopeOf } from "@/lib/core/decisions/judge";
import type { Facts, RunFacts } from "@/lib/core/decisions/schema";
import type { StandingApproval } from "@/lib/core/decisions/standing";
import { storedChecks } from "@/lib/core/decisions/stored-checks";
import { asJson, asJsonObject } from "@/lib/core/shared/as-json";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";
import type { JudgedCall, Recorded } from "@/lib/data/batch-queue";
import type { OpenBatch } from "@/lib/data/batch-standing";
import { batchColumns, type BatchColumns } from "@/lib/data/batch-wire";

import { receiptsOf } from "../ledger/receipt";
import { answerOf, approvalAnswer } from "./answer";
import { addEvent, addHalt, addNote, type Book, isoOf, noRareRows, rareParameter } from "./batch-book";
import { salted } from "./digests";
import { addTotals } from "./batch-totals";
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
  const bodies = calls.map((call) => entryOf(book, call));
  const receipts = receiptsOf(
    workspaceId,
    batch.iso,
    calls.map(({ submission }, index) => ({ decision: submission.asked.decisionId, body: bodies[index] ?? "" })),
  );
  for (const [index, call] of calls.entries()) {
    const { decisionId } = call.submission.asked;
    rows.entries.add({ entry_id: decisionId, entry_kind: "decision", entry_body: bodies[index] ?? "" });
    addDecision(book, call, receipts[index] ?? "");
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

/** The entry of a decision in its canonical text: what is hashed is what is stored. */
function entryOf({ workspaceId, batch }: BatchBook, { submission, standing, judgement }: Call): string {
  const { asked, wanted, context } = submission;
  const { decision, used } = judgement;
  const { caller } = standing;
  const { source, compiled } = context.policy;
  return canonicalJson({
    v: 2,
    kind: "decision",
    id: asked.decisionId,
    workspace: workspaceId,
    at: batch.iso,
    agent: caller.handle,
    level: caller.level,
    environment: caller.environment,
    credential: wanted.credentialId,
    session: wanted.session,
    run: wanted.run,
    step: judgement.step,
    tool: wanted.tool,
    tool_hash: context.tool.hash,
    action: salted(context.salt, asked.action),
    approved_action: used === null ? null : (used.actionRef ?? asked.action),
    manifest_version: source.version,
    manifest_hash: source.hash,
    guardrail_version: compiled?.guardrail?.version ?? null,
    guardrail_hash: compiled?.guardrail?.hash ?? null,
    verdict: decision.verdict,
    rule: decision.rule,
    reasons: decision.reasons.slice(0, MOST_REASONS).map(({ code }) => code),
    score: decision.risk.score,
    approval: approvalOf(submission.wanted.approvalId, judgement),
    reserved_micros: judgement.held,
    reserved_tokens: judgement.heldTokens,
    run_before: asJson(storedRun(judgement.run)),
    counts: judgement.counts === null ? null : [...judgement.counts],
    facts: attestedFacts(judgement.facts),
    payload: context.payload,
  });
}

const MOST_REASONS = 20;

/** The approval that a decision is about: the one it used, named, joined or opened. */
const approvalOf = (named: string | null, { asked }: Pick<Judgement, "asked">) => asked?.id ?? named;

/** What the ledger vouches for. What sources said and whom the run reached may name people: those stay beside the call. */
function attestedFacts({ now, workspace, agent, history, asking, approval }: Facts): JsonObject {
  return asJsonObject({
    engine: ENGINE,
    now: now.toISOString(),
    workspace,
    agent,
    history,
    ...(asking && { asking: withoutWords(asking) }),
    ...(approval && { approval: { fault: approval.fault } }),
  });
}

/** Without what a person wrote, which can be erased with the request it is about. */
function withoutWords({ refusal: _refusal, pausedSeconds: _paused, ...asking }: NonNullable<Facts["asking"]>) {
  return asking;
}

/** Without the reason of a halt, which may be a person's words. */
function storedRun({ haltedReason: _reason, ...run }: RunFacts) {
  return run;
}

function addDecision(book: BatchBook, { submission, standing, judgement }: Call, receipt: string): void {
  const { asked, wanted, context } = submission;
  const { decision, facts, run, counts } = judgement;
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
    call: JSON.stringify(context.call),
    salt: context.salt,
    verdict: decision.verdict,
    rule: decision.rule,
    reasons: JSON.stringify(decision.reasons),
    checks: JSON.stringify(storedChecks(decision.checks)),
    risk: JSON.stringify(decision.risk),
    facts: JSON.stringify({
      ...attestedFacts(facts),
      run: storedRun(run),
      counts,
      reach: facts.reach,
      readings: facts.readings,
    }),
    manifest_version: source.version,
    manifest_hash: source.hash,
    guardrail_version: compiled?.guardrail?.version ?? null,
    guardrail_hash: compiled?.guardrail?.hash ?? null,
    approval: approvalOf(wanted.approvalId, judgement),
    reserved: judgement.held,
    remaining: JSON.stringify(judgement.remaining),
    // Only a call with a key can be asked for again, and must then be answered with the very same words.
    receipt: wanted.key === null ? null : receipt,
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
  const { used, decision, held, heldTokens } = judgement;
  if (decision.verdict !== "allow") return;
  rows.allowed.add({
    allowed_id: asked.decisionId,
    allowed_approval: used?.id ?? null,
    allowed_action: asked.action,
    allowed_micros: held,
    allowed_tokens: heldTokens,
  });
  if (used !== null) rare.used.push({ id: used.id, decision: asked.decisionId });
}

function addQuestion(book: BatchBook, call: Call): void {
  const { asked } = call.judgement;
  if (asked === null || asked.kind === "joined") return;
  const { rows, rare } = book;
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
  const { rows, rare, batch } = book;
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
