import "server-only";

import { z } from "zod";

import type { Annotation, TopRun } from "@/lib/core/figures/spend";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";
import { paths } from "@/lib/core/shared/paths";
import { DAY_MS } from "@/lib/core/shared/time";

import type { Db } from "./db";
import { Prisma } from "./generated/client";

const SpendAgent = z.object({ id: z.uuid(), handle: z.string(), owner_id: z.uuid(), owner: z.string() });
/** An agent with who answers for it. */
export type SpendAgent = z.infer<typeof SpendAgent>;

/** Every agent, retired ones too, since they cost something once. */
export async function listSpendAgents(on: Db, workspaceId: WorkspaceId): Promise<readonly SpendAgent[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, a.handle, m.id AS owner_id, m.name AS owner FROM agents a JOIN members m ON m.id = a.dri_id
    WHERE a.workspace_id = ${workspaceId}::uuid`;
  return SpendAgent.array().parse(rows);
}

type Span = { readonly from: Date; readonly to: Date };

const TopRunRow = z.object({
  trace_id: z.string(),
  agent: z.string(),
  run_id: z.uuid().nullable(),
  name: z.string().nullable(),
  started_at: z.date(),
  events: z.string(),
  cost_picos: z.string(),
});

/** Up to so many days, the runs of the range are sorted; beyond, the most expensive ones are looked through. */
const SORTED_DAYS = 31;

/** The runs that began in a span and cost most. */
export async function listTopRuns(
  on: Db,
  workspaceId: WorkspaceId,
  { from, to, agents, limit }: Span & { readonly agents: readonly AgentId[] | null; readonly limit: number },
): Promise<readonly TopRun[]> {
  const inSpan = Prisma.sql`t.workspace_id = ${workspaceId}::uuid AND t.first_at >= ${from} AND t.first_at < ${to}`;
  const isSorted = agents !== null || to.getTime() - from.getTime() <= SORTED_DAYS * DAY_MS;
  const narrowed = agents === null ? Prisma.empty : Prisma.sql`AND t.agent_id = ANY (${[...agents]}::uuid[])`;
  const found = isSorted
    ? Prisma.sql`SELECT t.trace_id, t.cost_picos FROM (
        SELECT t.trace_id, t.cost_picos FROM traces t WHERE ${inSpan} ${narrowed} OFFSET 0) AS t`
    : Prisma.sql`SELECT t.trace_id, t.cost_picos FROM traces t WHERE ${inSpan}`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(t.trace_id, 'hex') AS trace_id, coalesce(a.handle, t.agent_id::text) AS agent,
      run_of_trace(t.workspace_id, t.agent_id, t.session, t.run) AS run_id, t.name, t.first_at AS started_at,
      t.events::text, t.cost_picos::text
    FROM (${found} ORDER BY t.cost_picos DESC, t.trace_id LIMIT ${limit}) AS most
    JOIN traces t ON t.workspace_id = ${workspaceId}::uuid AND t.trace_id = most.trace_id
    LEFT JOIN agents a ON a.id = t.agent_id
    WHERE t.cost_picos > 0 ORDER BY t.cost_picos DESC, t.trace_id`;
  return TopRunRow.array()
    .parse(rows)
    .map((row) => ({
      traceId: row.trace_id,
      agent: row.agent,
      runId: row.run_id,
      name: row.name,
      startedAt: row.started_at,
      events: row.events,
      costPicos: row.cost_picos,
    }));
}

const AnnotationRow = z.object({
  at: z.date(),
  kind: z.enum(["manifest", "level", "price", "incident", "stop"]),
  agent: z.string().nullable(),
  detail: z.string(),
  id: z.uuid(),
});

const MOST_ANNOTATIONS = 200;

/** What happened in a span that can move figures, oldest first; of more than there is room for, the latest. */
export async function listAnnotations(
  on: Db,
  workspaceId: WorkspaceId,
  { from, to, agents }: Span & { readonly agents: readonly AgentId[] | null },
): Promise<readonly Annotation[]> {
  const within = (moment: Prisma.Sql) => Prisma.sql`${moment} >= ${from} AND ${moment} < ${to}`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT x.at, x.kind, a.handle AS agent, coalesce(x.detail, '') AS detail, x.id FROM (
      SELECT v.published_at AS at, 'manifest' AS kind, v.agent_id, v.version::text AS detail, v.id
      FROM manifests v WHERE v.workspace_id = ${workspaceId}::uuid AND ${within(Prisma.sql`v.published_at`)}
      UNION ALL
      SELECT g.level_changed_at, 'level', g.id, g.level::text, g.id FROM agents g
      WHERE g.workspace_id = ${workspaceId}::uuid AND ${within(Prisma.sql`g.level_changed_at`)}
        AND g.level_changed_at > g.created_at
      UNION ALL
      SELECT o.created_at, 'price', NULL, o.content ->> 'model', o.id FROM price_overrides o
      WHERE o.workspace_id = ${workspaceId}::uuid AND ${within(Prisma.sql`o.created_at`)}
      UNION ALL
      SELECT i.opened_at, 'incident', i.agent_id, i.title, i.id FROM incidents i
      WHERE i.workspace_id = ${workspaceId}::uuid AND ${within(Prisma.sql`i.opened_at`)}
      UNION ALL
      SELECT s.confirmed_at, 'stop', CASE WHEN s.scope = 'agent' THEN s.target_id END, s.reason, s.id FROM stops s
      WHERE s.workspace_id = ${workspaceId}::uuid AND s.scope <> 'run' AND ${within(Prisma.sql`s.confirmed_at`)}
    ) AS x (at, kind, agent_id, detail, id)
    LEFT JOIN agents a ON a.id = x.agent_id
    WHERE ${agents === null} OR x.agent_id IS NULL OR x.agent_id = ANY (${[...(agents ?? [])]}::uuid[])
    ORDER BY x.at DESC, x.id LIMIT ${MOST_ANNOTATIONS}`;
  return AnnotationRow.array().parse(rows).map(annotationOf).reverse();
}

function annotationOf({ at, kind, agent, detail, id }: z.infer<typeof AnnotationRow>): Annotation {
  const who = agent ?? "Workspace";
  const about = { at, kind, agent };
  switch (kind) {
    case "manifest":
      return { ...about, text: `${who}: manifest ${detail} published`, href: paths.manifest(who, Number(detail)) };
    case "level":
      return { ...about, text: `${who}: level changed to ${detail}`, href: paths.agent(who) };
    case "price":
      return { ...about, text: `Price set for ${detail}`, href: paths.prices() };
    case "incident":
      return { ...about, text: `${who}: ${detail}`, href: paths.incident(id) };
    case "stop":
      return {
        ...about,
        text: `${who} stopped: ${detail}`,
        href: agent === null ? paths.overview() : paths.agent(agent),
      };
  }
}

/** When the first and the latest event with a believable time were, to the quarter of an hour. */
export type SpendSpan = { readonly earliest: Date | null; readonly latest: Date | null };

/** From when until when there is telemetry, whether or not it has a price; nulls where there never was any. */
export async function findSpendSpan(on: Db, workspaceId: WorkspaceId): Promise<SpendSpan> {
  const quarters = Prisma.sql`
    SELECT starts FROM spend_values WHERE workspace_id = ${workspaceId}::uuid AND minutes = 15 AND dimension = 'all'`;
  const rows = await on.$queryRaw<SpendSpan[]>`
    SELECT (${quarters} ORDER BY starts LIMIT 1) AS earliest, (${quarters} ORDER BY starts DESC LIMIT 1) AS latest`;
  return rows[0] ?? { earliest: null, latest: null };
}
