import "server-only";

import { z } from "zod";

import { RunFeedback } from "@/lib/core/runs/feedback";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";
import type { Sender } from "@/lib/core/traces/stored-event";

import type { Db } from "./db";

/** What is said of an event, a trace or a run afterwards. */
export type EventFact = Sender & {
  readonly id: string;
  readonly kind: "feedback" | "outcome" | "evaluation" | "review";
  readonly traceId: string | null;
  readonly eventId: string | null;
  readonly run: string | null;
  readonly body: JsonObject;
  /** Keyed digest of what was said, in hex: the same again adds nothing. */
  readonly digest: string;
};

/** Adds a fact. @returns the id it has: of the one that is there already when it was said before */
export async function insertEventFact(on: Db, workspaceId: WorkspaceId, fact: EventFact): Promise<string> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    WITH added AS (
      INSERT INTO event_facts (id, workspace_id, agent_id, credential_id, kind, trace_id, event_id, run, body, digest)
      VALUES (${fact.id}::uuid, ${workspaceId}::uuid, ${fact.agentId}::uuid, ${fact.credentialId}::uuid, ${fact.kind},
        decode(${fact.traceId}, 'hex'), decode(${fact.eventId}, 'hex'), ${fact.run}, ${fact.body}::jsonb,
        decode(${fact.digest}, 'hex'))
      ON CONFLICT (workspace_id, digest) DO NOTHING
      RETURNING id)
    SELECT id FROM added
    UNION ALL
    SELECT id FROM event_facts WHERE workspace_id = ${workspaceId}::uuid AND digest = decode(${fact.digest}, 'hex')
    LIMIT 1`;
  return rows[0]?.id ?? fact.id;
}

const FeedbackRow = RunFeedback.pick({
  id: true,
  at: true,
  agent: true,
  key_hint: true,
  trace_id: true,
  event_id: true,
}).extend({ body: z.record(z.string(), z.unknown()) });

/** What is kept of one report. What the door redacted may have another type than was sent, and is left out. */
const Said = z.object({
  user_id: z.string().nullable().catch(null),
  rating: z.number().nullable().catch(null),
  label: z.string().nullable().catch(null),
  comment: z.string().nullable().catch(null),
  correction: z.string().nullable().catch(null),
});

/**
 * Feedback on a run, newest first: what names one of its traces, and what its own agent sent of a run by that name. Where
 * several sessions have such a run, it is about the latest that had begun when it was sent.
 *
 * @param runId null for traces in whose run no call was decided: then what names one of them
 */
export async function listRunFeedback(
  on: Db,
  workspaceId: WorkspaceId,
  runId: string | null,
  { traceIds, limit }: { readonly traceIds: readonly string[]; readonly limit: number },
): Promise<readonly RunFeedback[]> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH about AS (
      SELECT f.id FROM event_facts f
      WHERE f.workspace_id = ${workspaceId}::uuid
        AND f.trace_id IN (SELECT decode(u, 'hex') FROM unnest(${[...traceIds]}::text[]) AS u)
      UNION
      (SELECT f.id FROM (
        SELECT r.workspace_id, r.agent_id, r.external_id, r.started_at, bool_or((o.started_at, o.id) < (r.started_at, r.id)) AS is_later,
          min(o.started_at) FILTER (WHERE (o.started_at, o.id) > (r.started_at, r.id)) AS next_at
        FROM runs r
        JOIN sessions s ON s.workspace_id = r.workspace_id AND s.agent_id = r.agent_id
        JOIN runs o ON o.session_id = s.id AND o.external_id = r.external_id
        WHERE r.workspace_id = ${workspaceId}::uuid AND r.id = ${runId}::uuid
        GROUP BY r.id) AS own
      JOIN event_facts f ON f.workspace_id = own.workspace_id AND f.run = own.external_id AND f.agent_id = own.agent_id
        AND (NOT own.is_later OR f.created_at >= own.started_at) AND (own.next_at IS NULL OR f.created_at < own.next_at)
      ORDER BY f.id DESC LIMIT ${limit}))
    SELECT f.id, f.created_at AS at, a.handle AS agent, c.hint AS key_hint, encode(f.trace_id, 'hex') AS trace_id,
      encode(f.event_id, 'hex') AS event_id, f.body
    FROM about b JOIN event_facts f ON f.id = b.id
    JOIN agents a ON a.workspace_id = f.workspace_id AND a.id = f.agent_id
    LEFT JOIN credentials c ON c.workspace_id = f.workspace_id AND c.id = f.credential_id
    WHERE f.workspace_id = ${workspaceId}::uuid AND f.kind = 'feedback'
    ORDER BY f.id DESC LIMIT ${limit}`;
  return FeedbackRow.array()
    .parse(rows)
    .map(({ body, ...row }) => {
      const { user_id: user, ...said } = Said.parse(body);
      return { ...row, user, ...said };
    });
}
