import "server-only";

import { z } from "zod";

import type { StoryVote } from "@/lib/core/runs/story";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

const TraceRow = z.object({ trace_id: z.string(), events: z.coerce.number() });

/**
 * The traces of a run, oldest first: those that name its session and run, those in which one of its decisions ran, and
 * those of its own agent from which one was asked for.
 *
 * @param decisions the ids of the run's decisions
 */
export async function listRunTraces(
  on: Db,
  workspaceId: WorkspaceId,
  runId: string,
  { decisions, limit }: { readonly decisions: readonly string[]; readonly limit: number },
): Promise<readonly { readonly traceId: string; readonly events: number }[]> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH named AS (
      SELECT t.trace_id FROM runs r JOIN sessions s ON s.id = r.session_id
      JOIN traces t ON t.workspace_id = r.workspace_id AND t.run = r.external_id AND t.agent_id = r.agent_id
        AND coalesce(t.session, s.external_id) = s.external_id
      WHERE r.workspace_id = ${workspaceId}::uuid AND r.id = ${runId}::uuid),
    met AS (
      SELECT c.trace_id FROM executed_calls c
      WHERE c.workspace_id = ${workspaceId}::uuid AND c.decision_id = ANY (${[...decisions]}::uuid[])),
    asked AS (
      SELECT t.trace_id FROM decisions d
      JOIN traces t ON t.workspace_id = d.workspace_id AND t.trace_id = d.trace_id AND t.agent_id = d.agent_id
      WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ANY (${[...decisions]}::uuid[]))
    SELECT encode(t.trace_id, 'hex') AS trace_id, t.events
    FROM (SELECT trace_id FROM named UNION SELECT trace_id FROM met UNION SELECT trace_id FROM asked) AS x
    JOIN traces t ON t.workspace_id = ${workspaceId}::uuid AND t.trace_id = x.trace_id
    ORDER BY t.first_at, t.trace_id LIMIT ${limit}`;
  return TraceRow.array()
    .parse(rows)
    .map(({ trace_id: traceId, events }) => ({ traceId, events }));
}

const CallRow = z.object({
  trace_id: z.string(),
  event_id: z.string(),
  decision_id: z.uuid().nullable(),
  differs_from: z.uuid().nullable(),
});

/**
 * The tool calls of traces that were looked for among decisions, by `trace/event`: the decision that each met, or null,
 * and then the one that allowed it with other arguments, if any.
 */
export async function findMetDecisions(
  on: Db,
  workspaceId: WorkspaceId,
  traceIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly decision: string | null; readonly differsFrom: string | null }>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(c.trace_id, 'hex') AS trace_id, encode(c.event_id, 'hex') AS event_id, c.decision_id, c.differs_from
    FROM executed_calls c
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.joined_at IS NOT NULL
      AND c.trace_id IN (SELECT decode(u, 'hex') FROM unnest(${[...traceIds]}::text[]) AS u)`;
  return new Map(
    CallRow.array()
      .parse(rows)
      .map(({ trace_id: trace, event_id: event, decision_id: decision, differs_from: differsFrom }) => [
        `${trace}/${event}`,
        { decision, differsFrom },
      ]),
  );
}

const VoteRow = z.object({ approval_id: z.uuid(), name: z.string(), verdict: z.string(), note: z.string() });

/** The votes on settled requests, oldest first: a vote is nobody's to see while a second person may still give theirs. */
export async function listSettledVotes(
  on: Db,
  workspaceId: WorkspaceId,
  approvals: readonly string[],
): Promise<ReadonlyMap<string, readonly StoryVote[]>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT v.approval_id, m.name, v.verdict, v.note
    FROM votes v JOIN approvals a ON a.id = v.approval_id JOIN members m ON m.id = v.member_id
    WHERE v.workspace_id = ${workspaceId}::uuid AND v.approval_id = ANY (${[...approvals]}::uuid[])
      AND a.state <> 'waiting' AND v.undone_at IS NULL
    ORDER BY v.created_at, v.id`;
  const votes = new Map<string, StoryVote[]>();
  for (const { approval_id: id, ...vote } of VoteRow.array().parse(rows)) {
    const known = votes.get(id);
    if (known) known.push(vote);
    else votes.set(id, [vote]);
  }
  return votes;
}
