import { differenceText } from "@/lib/core/approvals/effect-differs";
import { asJson } from "@/lib/core/shared/as-json";
import { type PicoUsd, usdOfPico } from "@/lib/core/shared/money";
import { countedEvents, keyOf } from "@/lib/core/traces/tree";

import { placeFeedback, type RunFeedback } from "./feedback";
import type { RunItem, RunStep } from "./schema";
import type { StoryFigures, StoryRow, StoryVote } from "./story";
import { spanRow, tellEvents, type ToldEvent, type ToldEvents } from "./tell-events";
import { argsSummary } from "./words";

/** What is known of a run: its decisions with what became of them, and its telemetry. */
export type KnownRun = {
  readonly run: Pick<RunItem, "id" | "state" | "ended_at" | "ended_reason" | "halted_reason" | "last_at">;
  readonly steps: readonly RunStep[];
  readonly events: readonly ToldEvent[];
  /** Votes by request, of requests that are settled. */
  readonly votes: ReadonlyMap<string, readonly StoryVote[]>;
  readonly feedback: readonly RunFeedback[];
};

/** A run as one timeline, and what it comes to. */
export type Story = { readonly rows: readonly StoryRow[]; readonly figures: StoryFigures };

const QUIET = { endAt: null, costUsd: null, error: null, fault: false } as const;

/** Tells a run from beginning to end: decisions, who was asked, what ran, and what nobody decided. */
export function tellRun(known: KnownRun): Story {
  const told = tellEvents(known.events);
  const otherwise = new Map(
    told.rows.flatMap(({ id, told: row }) =>
      row.kind === "tool" && row.differsFrom !== null ? [[row.differsFrom, id] as const] : [],
    ),
  );
  const rows = [
    ...told.rows,
    ...known.steps.flatMap((step) => rowsOfStep(step, told, otherwise.get(step.decision_id) ?? null, known.votes)),
  ];
  // What began at the same moment stays in the order it was told in: a parent before its children.
  rows.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const end = endOf(known.run);
  const placed = placeFeedback(end === null ? rows : [...rows, end], known.feedback, rowOfEvent(known.events));
  return { rows: placed, figures: figuresOf(known, told, rows) };
}

/** The row that shows an event: of a call that met a decision, the decision's. */
function rowOfEvent(events: readonly ToldEvent[]): (traceId: string, eventId: string) => string | undefined {
  const rows = new Map(
    events.map(({ event, decision }) => [
      keyOf(event),
      event.kind === "tool" && typeof decision === "string" ? decision : spanRow(event),
    ]),
  );
  return (traceId, eventId) => rows.get(`${traceId}/${eventId}`);
}

function rowsOfStep(
  step: RunStep,
  { ran }: ToldEvents,
  ranOtherwise: string | null,
  votes: KnownRun["votes"],
): StoryRow[] {
  const at = step.at.toISOString();
  const span = ran.get(step.decision_id);
  const depth = span?.depth ?? 0;
  const rows: StoryRow[] = [];
  if (step.context.length > 0) {
    const told = { kind: "context", sources: step.context } as const;
    rows.push({ ...QUIET, id: `context-${step.decision_id}`, at, depth, told });
  }
  rows.push({
    ...QUIET,
    id: step.decision_id,
    at,
    endAt: span?.endAt ?? null,
    depth,
    error: span?.error ?? null,
    fault:
      step.verdict === "deny" || step.verdict === "halt" || (span?.error ?? null) !== null || ranOtherwise !== null,
    told: {
      kind: "decision",
      decision: step.decision_id,
      step: step.step,
      tool: step.tool,
      args: argsSummary(asJson(step.args)),
      verdict: step.verdict,
      rule: step.rule,
      reason: step.verdict === "allow" ? null : (step.reasons[0]?.message ?? null),
      band: step.band,
      score: step.score,
      ran: span !== undefined,
      ranOtherwise,
    },
  });
  const review = reviewOf(step, votes, depth + 1);
  if (review !== null) rows.push(review);
  const after = afterOf(step, votes, depth + 1);
  if (after !== null) rows.push(after);
  return rows;
}

function reviewOf({ approval, verdict, at }: RunStep, votes: KnownRun["votes"], depth: number): StoryRow | null {
  // A call that used an approval names it too; the wait is told once, where it was asked for.
  if (approval === null || verdict !== "require_approval") return null;
  const told = {
    kind: "review",
    approval: approval.id,
    state: approval.state,
    votes: votes.get(approval.id) ?? [],
  } as const;
  const endAt = approval.settled_at?.toISOString() ?? null;
  const fault = approval.state === "denied" || approval.state === "expired";
  return { ...QUIET, id: `review-${approval.id}`, at: at.toISOString(), endAt, depth, fault, told };
}

function afterOf(step: RunStep, votes: KnownRun["votes"], depth: number): StoryRow | null {
  const { outcome, verdict, decision_id: decision, tool, at } = step;
  if (verdict !== "allow") return null;
  if (outcome === null) {
    const told = { kind: "unreported", decision, tool } as const;
    return { ...QUIET, id: `outcome-${decision}`, at: at.toISOString(), depth, told };
  }
  const by = approversOf(step, votes);
  const differs = (outcome.effect?.differs ?? []).map((difference) => differenceText(difference, by));
  const told = {
    kind: "outcome",
    decision,
    tool,
    outcome: outcome.outcome,
    claimed: outcome.claimed,
    differs,
  } as const;
  const [fault] = outcome.faults;
  const isFault = outcome.outcome === "error" || outcome.outcome === "failed_validation" || differs.length > 0;
  return {
    ...QUIET,
    id: `outcome-${decision}`,
    at: outcome.at.toISOString(),
    depth,
    costUsd: outcome.cost_usd,
    error: fault === undefined ? null : { type: "result", message: `${fault.path} ${fault.message}` },
    fault: isFault,
    told,
  };
}

/** Who approved a call, by name; null where nobody was asked. */
function approversOf({ approval }: RunStep, votes: KnownRun["votes"]): string | null {
  const approved =
    approval === null ? [] : (votes.get(approval.id) ?? []).filter(({ verdict }) => verdict === "approve");
  return approved.length === 0 ? null : approved.map(({ name }) => name).join(" and ");
}

function endOf({ id, state, ended_at: endedAt, ended_reason: why, ...run }: KnownRun["run"]): StoryRow | null {
  if (state === "running") return null;
  const at = (endedAt ?? run.last_at).toISOString();
  const reason =
    state === "halted"
      ? `The run was halted${run.halted_reason === null ? "" : ` (${run.halted_reason})`}.`
      : why === "closed"
        ? "The run’s root span ended."
        : "Nothing new came.";
  return { ...QUIET, id: `end-${id}`, at, depth: 0, fault: state === "halted", told: { kind: "end", reason } };
}

function figuresOf({ steps, events }: KnownRun, { roots }: ToldEvents, rows: readonly StoryRow[]): StoryFigures {
  const counted = new Set(countedEvents(roots, ({ tokens }) => tokens !== null));
  let cost: PicoUsd = 0n;
  const sums = { modelCalls: 0, input: 0, output: 0, unpriced: 0 };
  for (const { event, cost: known } of events) {
    if (!counted.has(event)) continue;
    sums.modelCalls += 1;
    sums.input += event.tokens?.input ?? 0;
    sums.output += event.tokens?.output ?? 0;
    if (known.picos === null) sums.unpriced += 1;
    else cost += BigInt(known.picos);
  }
  const count = (is: (row: StoryRow) => boolean) => rows.filter(is).length;
  const verdicts = (...names: readonly string[]) => steps.filter(({ verdict }) => names.includes(verdict)).length;
  return {
    ...sums,
    costUsd: usdOfPico(cost),
    decisions: steps.length,
    allowed: verdicts("allow"),
    asked: verdicts("require_approval", "recommend"),
    refused: verdicts("deny", "halt"),
    toolCalls: events.filter(({ event }) => event.kind === "tool").length,
    ungoverned: count(({ told }) => told.kind === "tool" && told.governed === "ungoverned"),
    unreported: count(({ told }) => told.kind === "unreported"),
    errors: count(({ error }) => error !== null),
    gaps: count(({ told }) => told.kind === "gap"),
    waitedMs: rows.reduce((sum, { told, at, endAt }) => {
      const isWait = told.kind === "review" && endAt !== null;
      return isWait ? sum + Math.max(0, Date.parse(endAt) - Date.parse(at)) : sum;
    }, 0),
  };
}
