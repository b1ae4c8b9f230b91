import "server-only";

import { costOfEvent } from "@/lib/core/costs/cost-of-event";
import type { PriceTable } from "@/lib/core/costs/table";
import { AppError } from "@/lib/core/shared/errors";
import { type FoundCall, type FoundTelemetry, type FoundTrace, tellTrace, whyUnmet } from "@/lib/core/traces/found";
import { readSought, type Sought } from "@/lib/core/traces/sought";
import type { StoredEvent } from "@/lib/core/traces/stored-event";
import {
  findKeyHints,
  findSoughtDecision,
  findWhatToCheck,
  listCallsOfTraces,
  listDecisionsFrom,
  listDeadWith,
  listTraceRows,
  listTracesOfDecision,
  listTracesOfRun,
  listTracesOfSpan,
  listWaitingWith,
} from "@/lib/data/found-traces";
import { ingestHash } from "@/lib/platform/ingest-key";

import { requireMember, type ServiceContext } from "../context";
import { type Policy, policyOf } from "./policy";
import { traceStore } from "./stores";

const MOST_TRACES = 20;
const MOST_BATCHES = 20;
const MOST_CALLS = 200;
const MOST_KEYS = 20;
/** Events of one trace that are read for an answer. */
const MOST_EVENTS = 5_000;

/**
 * What became of telemetry, by a trace id, a `traceparent`, a span id, a decision's id or a run's name: written, waiting,
 * put aside, or never seen.
 *
 * @throws {AppError} `invalid_input` for no text; `unavailable` when there are too many events to look for a span in
 */
export async function findTelemetry(ctx: ServiceContext, text: string): Promise<FoundTelemetry> {
  requireMember(ctx);
  const policy = await policyOf(ctx.workspaceId);
  const sought = asStored(ctx, policy, readSought(text));
  if (sought === null)
    throw new AppError("invalid_input", "Paste a trace id, a span id, a decision’s id or a run’s name.");
  const { db, workspaceId } = ctx;
  const [ids, waiting, dead, decision] = await Promise.all([
    traceIdsOf(ctx, sought),
    listWaitingWith(db, workspaceId, sought, MOST_BATCHES),
    listDeadWith(db, workspaceId, sought, MOST_BATCHES),
    sought.kind === "decision" ? findSoughtDecision(db, workspaceId, sought.value) : null,
  ]);
  const traces = await readTraces(ctx, policy, ids);
  const isFound = traces.length + waiting.length + dead.length > 0;
  const check = isFound ? null : await findWhatToCheck(db, workspaceId, MOST_KEYS);
  return { sought, decision, traces, waiting, dead, check };
}

/** A run's name is looked for as the door left it: one that holds an e-mail address is stored without it. */
function asStored({ workspaceId }: ServiceContext, policy: Policy, sought: Sought | null): Sought | null {
  if (sought?.kind !== "run") return sought;
  const redactor = policy.redactor("", ingestHash(workspaceId));
  return { ...sought, value: String(redactor.redact(sought.value, "runId").value) };
}

async function traceIdsOf({ db, workspaceId }: ServiceContext, { kind, value }: Sought): Promise<readonly string[]> {
  if (kind === "trace") return [value];
  if (kind === "run") return listTracesOfRun(db, workspaceId, value, MOST_TRACES);
  if (kind === "decision") return listTracesOfDecision(db, workspaceId, value, MOST_TRACES);
  const found = await listTracesOfSpan(workspaceId, value, MOST_TRACES);
  if (found === null)
    throw new AppError("unavailable", "There are too many events to look for a span. Look for its trace instead.");
  return found;
}

async function readTraces(
  ctx: ServiceContext,
  { prices }: Policy,
  ids: readonly string[],
): Promise<readonly FoundTrace[]> {
  const { db, workspaceId } = ctx;
  const [rows, calls, asked] = await Promise.all([
    listTraceRows(db, workspaceId, ids),
    listCallsOfTraces(db, workspaceId, ids, MOST_CALLS),
    listDecisionsFrom(db, workspaceId, ids, MOST_CALLS),
  ]);
  const read = await Promise.all(
    rows.map(({ trace_id: id, events }) => (events > MOST_EVENTS ? null : traceStore.trace(workspaceId, id))),
  );
  const senders = read.flatMap((events) => events?.map(({ credentialId }) => credentialId) ?? []);
  const hints = await findKeyHints(db, workspaceId, [...new Set(senders)]);
  return rows.map((row, at) => {
    const events = read[at] ?? null;
    const told =
      events &&
      tellTrace(
        events,
        (id) => hints.get(id) ?? null,
        (stored) => whyUnpriced(prices, stored),
      );
    const isOfIt = ({ trace_id: trace }: { readonly trace_id: string }) => trace === row.trace_id;
    return { ...row, told, calls: calls.filter(isOfIt).map(callOf), asked: asked.filter(isOfIt) };
  });
}

function callOf(row: Awaited<ReturnType<typeof listCallsOfTraces>>[number]): FoundCall {
  const { event_id, tool, decision_id } = row;
  if (decision_id !== null) return { event_id, tool, decision_id, why: null };
  const { named_agent: agentId, named_tool: named, named_verdict: verdict, named_taken: isTaken } = row;
  const isKnown = agentId !== null && named !== null && verdict !== null;
  const why = whyUnmet({
    tool,
    agentId: row.agent_id,
    isLookedFor: row.looked_for,
    claimed: row.claimed,
    differsFrom: row.differs_from,
    named: isKnown ? { agentId, tool: named, verdict, isTaken } : null,
  });
  return { event_id, tool, decision_id, why };
}

/** What is stored has passed the door, where names may have been redacted: then the model is what is not known. */
function whyUnpriced(prices: PriceTable, { event }: StoredEvent) {
  const { computed } = costOfEvent(prices, event);
  return computed.status === "unpriced" ? computed.why : ("tokens_missing" as const);
}
