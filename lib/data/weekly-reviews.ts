import "server-only";

import { z } from "zod";

import type { Due, Moved } from "@/lib/core/objectives/review";
import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import { paths } from "@/lib/core/shared/paths";

import type { Db, Tx } from "./db";

type Span = { readonly from: Date; readonly to: Date };

const Owned = z.object({
  id: z.uuid(),
  handle: z.string(),
  level: z.int(),
  demo: z.boolean(),
  owner_id: MemberId,
  owner_name: z.string(),
});
/** An agent with the person who answers for it. */
export type OwnedAgent = z.infer<typeof Owned>;

/** The agents that are not retired, by who answers for them. */
export async function listOwnedAgents(on: Db, workspaceId: WorkspaceId): Promise<readonly OwnedAgent[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.id, g.handle, g.level, g.demo, m.id AS owner_id, m.name AS owner_name
    FROM agents g JOIN members m ON m.id = g.dri_id
    WHERE g.workspace_id = ${workspaceId}::uuid AND g.status <> 'retired' ORDER BY m.name, m.id, g.handle LIMIT 2000`;
  return Owned.array().parse(rows);
}

const MovedRow = z.object({
  at: z.date(),
  kind: z.enum(["level", "manifest", "incident", "stop", "budget"]),
  agent: z.string().nullable(),
  member_id: z.uuid().nullable(),
  detail: z.string(),
  id: z.string(),
});

/** What happened in a week, with the agent or person that it is about; neither for the whole workspace. */
export type MovedFor = Moved & { readonly agent: string | null; readonly memberId: string | null };

const MOST_MOVED = 1_000;

/** What moved in a span, oldest first: levels, manifests, incidents, stops and budgets. */
export async function listMoved(on: Db, workspaceId: WorkspaceId, { from, to }: Span): Promise<readonly MovedFor[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT x.at, x.kind, x.agent, x.member_id, coalesce(x.detail, '') AS detail, x.id FROM (
      SELECT e.created_at AS at, CASE e.kind WHEN 'agent.level' THEN 'level' ELSE 'manifest' END AS kind,
        e.body::jsonb #>> '{details,agent}' AS agent, NULL::uuid AS member_id,
        CASE e.kind WHEN 'agent.level'
          THEN concat('level ', e.body::jsonb #>> '{details,from}', ' to ', e.body::jsonb #>> '{details,to}')
          ELSE e.body::jsonb #>> '{details,version}' END AS detail, e.id::text AS id
      FROM ledger_entries e WHERE e.workspace_id = ${workspaceId}::uuid AND e.kind IN ('agent.level', 'manifest.publish')
        AND e.id >= uuid_at(${from}) AND e.id < uuid_at(${to})
      UNION ALL
      SELECT i.opened_at, 'incident', g.handle, NULL, i.title, i.id::text FROM incidents i JOIN agents g ON g.id = i.agent_id
      WHERE i.workspace_id = ${workspaceId}::uuid AND i.id >= uuid_at(${from}) AND i.id < uuid_at(${to})
      UNION ALL
      SELECT s.confirmed_at, 'stop', g.handle, NULL, s.reason, s.id::text FROM stops s JOIN agents g ON g.id = s.target_id
      WHERE s.workspace_id = ${workspaceId}::uuid AND s.scope = 'agent' AND s.confirmed_at >= ${from} AND s.confirmed_at < ${to}
      UNION ALL
      SELECT n.created_at, 'budget', g.handle,
        CASE b.content ->> 'scope' WHEN 'owner' THEN (b.content ->> 'value')::uuid END,
        concat(b.content ->> 'scope', ' budget of ', b.content ->> 'amount', CASE b.content ->> 'metric'
          WHEN 'tokens' THEN ' tokens a ' ELSE ' dollars a ' END, b.content ->> 'period',
          CASE n.state WHEN 'over' THEN ' used up' ELSE ' at its warning share' END), b.id::text
      FROM spend_budget_notices n JOIN spend_budgets b ON b.id = n.budget_id
      LEFT JOIN agents g ON b.content ->> 'scope' = 'agent' AND g.id::text = b.content ->> 'value'
      WHERE n.workspace_id = ${workspaceId}::uuid AND n.created_at >= ${from} AND n.created_at < ${to}
    ) AS x ORDER BY x.at, x.id LIMIT ${MOST_MOVED}`;
  return MovedRow.array().parse(rows).map(movedOf);
}

function movedOf({ at, kind, agent, member_id: memberId, detail, id }: z.infer<typeof MovedRow>): MovedFor {
  const about = { at, agent, memberId };
  const who = agent ?? "Workspace";
  switch (kind) {
    case "level":
      return { ...about, text: `${who}: ${detail}`, href: paths.agent(who) };
    case "manifest":
      return { ...about, text: `${who}: manifest ${detail} published`, href: paths.manifest(who, Number(detail)) };
    case "incident":
      return { ...about, text: `${who}: ${detail}`, href: paths.incident(id) };
    case "stop":
      return { ...about, text: `${who}: stopped`, href: paths.agent(who) };
    case "budget":
      return { ...about, text: agent === null ? detail : `${agent}: ${detail}`, href: paths.budgets() };
  }
}

const DueRow = z.object({
  agent: z.string(),
  kind: z.enum(["alerts", "incidents", "manifest", "proposal"]),
  n: z.int(),
  detail: z.string(),
});

/** What waits for somebody now, by the agent's handle: open alerts and incidents, manifests and levels to review. */
export async function listDue(on: Db, workspaceId: WorkspaceId): Promise<ReadonlyMap<string, readonly Due[]>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.handle AS agent, x.kind, x.n, x.detail FROM (
      SELECT a.agent_id, 'alerts' AS kind, count(*)::int AS n, '' AS detail FROM alerts a
      WHERE a.workspace_id = ${workspaceId}::uuid AND a.state NOT IN ('resolved', 'pending') GROUP BY 1
      UNION ALL
      SELECT i.agent_id, 'incidents', count(*)::int, '' FROM incidents i
      WHERE i.workspace_id = ${workspaceId}::uuid AND i.state = 'open' GROUP BY 1
      UNION ALL
      SELECT v.agent_id, 'manifest', 1, v.version::text FROM manifests v
      WHERE v.workspace_id = ${workspaceId}::uuid AND v.state = 'pending'
      UNION ALL
      SELECT g.id, 'proposal', 1, CASE p.kind WHEN 'agent.level' THEN 'level' ELSE 'environment' END FROM proposals p
      JOIN agents g ON g.workspace_id = p.workspace_id AND g.handle = p.subject
      WHERE p.workspace_id = ${workspaceId}::uuid AND p.state = 'pending' AND p.kind IN ('agent.level', 'agent.environment')
    ) AS x JOIN agents g ON g.id = x.agent_id ORDER BY g.handle, x.kind, x.detail LIMIT 5000`;
  const found = new Map<string, Due[]>();
  for (const row of DueRow.array().parse(rows)) {
    const own = found.get(row.agent) ?? [];
    own.push(dueOf(row));
    found.set(row.agent, own);
  }
  return found;
}

function dueOf({ agent, kind, n, detail }: z.infer<typeof DueRow>): Due {
  switch (kind) {
    case "alerts":
      return { text: n === 1 ? "1 open alert" : `${n} open alerts`, href: paths.signals({ agent, state: "open" }) };
    case "incidents":
      return {
        text: n === 1 ? "1 open incident" : `${n} open incidents`,
        href: paths.incidents({ agent, state: "open" }),
      };
    case "manifest":
      return { text: `manifest ${detail} waits for review`, href: paths.manifest(agent, Number(detail)) };
    case "proposal":
      return { text: `a new ${detail} waits for a second person`, href: paths.agent(agent) };
  }
}

/** The people a week's review is for: who answers for agents, is active, and has not been sent it. */
export async function listUnsent(on: Db, workspaceId: WorkspaceId, week: string): Promise<readonly MemberId[]> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT m.id::text AS id FROM members m
    WHERE m.workspace_id = ${workspaceId}::uuid AND m.disabled_at IS NULL AND m.joined_at IS NOT NULL
      AND EXISTS (SELECT FROM agents g WHERE g.workspace_id = m.workspace_id AND g.dri_id = m.id AND g.status <> 'retired')
      AND NOT EXISTS (SELECT FROM weekly_reviews w
        WHERE w.workspace_id = m.workspace_id AND w.week = ${week} AND w.member_id = m.id)
    ORDER BY m.id LIMIT 2000`;
  return rows.map(({ id }) => MemberId.parse(id));
}

/** Notes that a week's review is sent to a person. @returns whether it was not before */
export async function noteReview(
  tx: Tx,
  workspaceId: WorkspaceId,
  { week, memberId, at }: { readonly week: string; readonly memberId: MemberId; readonly at: Date },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO weekly_reviews (workspace_id, week, member_id, sent_at)
    VALUES (${workspaceId}::uuid, ${week}, ${memberId}::uuid, ${at}) ON CONFLICT DO NOTHING`;
  return added > 0;
}
