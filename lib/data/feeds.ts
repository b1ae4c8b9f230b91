import "server-only";

import { z } from "zod";

import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";
import { Feed, UngovernedCall, UnreadKey } from "@/lib/core/traces/feed";

import type { Db } from "./db";

/** What feeds an agent, last heard first. */
export async function listFeeds(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<readonly Feed[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT f.producer, f.dialect, f.credential_id, f.first_received_at, f.last_received_at, f.last_event_at, f.events,
      f.out_of_window, f.claims_other
    FROM feeds f WHERE f.workspace_id = ${workspaceId}::uuid AND f.agent_id = ${agentId}::uuid
    ORDER BY f.last_received_at DESC, f.producer LIMIT 50`;
  return Feed.array().parse(rows);
}

/** The keys that most events have and nobody reads, and how many keys there are. */
export async function listUnreadKeys(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  limit: number,
): Promise<{ readonly keys: readonly UnreadKey[]; readonly total: number }> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT u.producer, u.key, u.events, (count(*) OVER ())::int AS total FROM unread_keys u
    WHERE u.workspace_id = ${workspaceId}::uuid AND u.agent_id = ${agentId}::uuid
    ORDER BY u.events DESC, u.key LIMIT ${limit}`;
  const keys = UnreadKey.extend({ total: z.int() }).array().parse(rows);
  return { keys: keys.map(({ total: _total, ...key }) => key), total: keys[0]?.total ?? 0 };
}

const Counts = z.object({ governed: z.int(), ungoverned: z.int() });

/** How many of an agent's tool calls of the last 30 days met a decision, and how many were looked for in vain. */
export async function countGoverned(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
): Promise<z.infer<typeof Counts>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT count(*) FILTER (WHERE c.decision_id IS NOT NULL)::int AS governed,
      count(*) FILTER (WHERE c.decision_id IS NULL)::int AS ungoverned
    FROM executed_calls c
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.agent_id = ${agentId}::uuid AND c.joined_at IS NOT NULL
      AND c.started_at > clock_timestamp() - interval '30 days'`;
  return Counts.parse(rows[0]);
}

/** An agent's tool calls that nobody decided, latest first. */
export async function listUngovernedCalls(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  limit: number,
): Promise<readonly UngovernedCall[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(c.trace_id, 'hex') AS trace_id, encode(c.event_id, 'hex') AS event_id, c.tool, c.run, c.started_at,
      run_of_trace(t.workspace_id, t.agent_id, t.session, c.run) AS run_id
    FROM executed_calls c
    LEFT JOIN traces t ON t.workspace_id = c.workspace_id AND t.trace_id = c.trace_id
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.agent_id = ${agentId}::uuid AND c.decision_id IS NULL
      AND c.joined_at IS NOT NULL
    ORDER BY c.started_at DESC LIMIT ${limit}`;
  return UngovernedCall.array().parse(rows);
}
