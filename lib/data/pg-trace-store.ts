import "server-only";

import type pg from "pg";
import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { countEvents, timesOf } from "@/lib/core/traces/count-events";
import type { KeptEvent } from "@/lib/core/traces/event-counts";
import type { StoredEvent } from "@/lib/core/traces/stored-event";

import { aggregateHours } from "./agent-hours";
import { EVENT_COLUMNS, EVENTS_WRITE, eventColumns, eventOf, type EventRow, NEWEST_COST } from "./event-rows";
import { ingestPool, ingestSnapshot, ingestTransaction } from "./ingest-pool";
import { readSpend } from "./spend-reads";
import { writeSpend } from "./spend-writes";
import type { EventQuery, SpendRows, TraceStore } from "./trace-store";
import {
  conflictColumns,
  COUNT_FEEDS,
  COUNT_HOURS,
  COUNT_TRACES,
  EVENTS_CONFLICT,
  EVENTS_OPEN,
  feedColumns,
  hourColumns,
  keysOf,
  traceColumns,
} from "./trace-wire";

const DAY_MICROS = 86_400_000_000n;
const FUTURE_MICROS = 300_000_000n;
const PAGE = 500;
const DELETE_STEP = 5_000;

const Opened = z.object({ moment: z.coerce.bigint(), known: z.array(z.int()), conflicting: z.array(z.int()) });

/** Events in Postgres: one workspace's are written by one transaction at a time. */
export const pgTraceStore: TraceStore = {
  async write(workspaceId, events) {
    if (events.length === 0) return { fresh: [], duplicates: 0, conflicts: 0 };
    const versions = distinctVersions(events);
    return ingestTransaction(workspaceId, async (client) => {
      const opened = await client.query(EVENTS_OPEN.query({ p_workspace: workspaceId, ...keysOf(versions) }));
      const { moment, known, conflicting } = Opened.parse(opened.rows[0]);
      const { fresh, others } = sorted(versions, new Set(known), new Set(conflicting));
      if (fresh.length > 0) await writeFresh(client, workspaceId, fresh, moment);
      const conflicts = others.length > 0 ? await keepVersions(client, workspaceId, others) : 0;
      return { fresh, duplicates: events.length - fresh.length - conflicts, conflicts };
    });
  },

  async trace(workspaceId, traceId) {
    const text = `
      SELECT ${EVENT_COLUMNS}
      FROM traces t
      JOIN events e ON e.workspace_id = t.workspace_id AND e.trace_id = t.trace_id AND e.kept_at BETWEEN t.kept_from AND t.kept_to
      ${NEWEST_COST}
      WHERE t.workspace_id = $1 AND t.trace_id = decode($2, 'hex') ORDER BY e.start_ns, e.event_id`;
    const { rows } = await reading<EventRow>(workspaceId, text, [workspaceId, traceId]);
    return rows.map(eventOf);
  },

  async *events(workspaceId, query) {
    let after: StoredEvent | null = null;
    for (;;) {
      const page: readonly StoredEvent[] = await readPage(workspaceId, query, after);
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1) ?? null;
    }
  },

  aggregate: (workspaceId, query) =>
    aggregateHours((text, values) => reading(workspaceId, text, values), workspaceId, query),

  spend: (workspaceId, questions) =>
    ingestSnapshot(workspaceId, async (client) => {
      const answers: SpendRows[] = [];
      for (const question of questions) answers.push(await readSpend(client, workspaceId, question));
      return answers;
    }),

  async dropBefore(workspaceId, before) {
    for (let deleted = 0; ; ) {
      const { rows } = await inWorkspace<{ events: number }>(
        workspaceId,
        "SELECT delete_events_before($1, $2, $3) AS events",
        [workspaceId, before, DELETE_STEP],
      );
      const step = rows[0]?.events ?? 0;
      deleted += step;
      if (step < DELETE_STEP) return deleted;
    }
  },

  async dropDays(keptForDays) {
    const { rows } = await ingestPool.query<{ days: number }>("SELECT drop_event_partitions($1) AS days", [
      keptForDays,
    ]);
    return rows[0]?.days ?? 0;
  },
};

/** The events without repetitions: two stay of one event only if they say different things. */
function distinctVersions(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const versions = new Map<string, StoredEvent>();
  for (const stored of events) {
    const name = `${nameOf(stored)} ${stored.digest}`;
    if (!versions.has(name)) versions.set(name, stored);
  }
  return [...versions.values()];
}

const nameOf = ({ event }: StoredEvent) => `${event.traceId} ${event.eventId}`;

/** What is to be written as events, and what is a second version. Places count from 1. */
function sorted(versions: readonly StoredEvent[], known: ReadonlySet<number>, conflicting: ReadonlySet<number>) {
  const fresh: StoredEvent[] = [];
  const others: StoredEvent[] = [];
  const taken = new Set<string>();
  for (const [index, stored] of versions.entries()) {
    const name = nameOf(stored);
    if (conflicting.has(index + 1) || taken.has(name)) others.push(stored);
    else if (!known.has(index + 1)) {
      fresh.push(stored);
      taken.add(name);
    }
  }
  return { fresh, others };
}

async function writeFresh(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  fresh: readonly StoredEvent[],
  moment: bigint,
): Promise<void> {
  const kept = fresh.map((stored): KeptEvent => ({ stored, keptAt: keptAt(timesOf(stored).started, moment) }));
  const about = { p_workspace: workspaceId };
  await client.query(EVENTS_WRITE.query({ ...about, ...eventColumns(kept) }));
  const counts = countEvents(kept);
  await client.query(COUNT_TRACES.query({ ...about, ...traceColumns(counts) }));
  await client.query(COUNT_HOURS.query({ ...about, ...hourColumns(counts) }));
  await client.query(COUNT_FEEDS.query({ ...about, ...feedColumns(counts) }));
  await writeSpend(client, workspaceId, kept);
}

/** When it began, or now for what is more than a day late or from the future: see the table `events`. */
function keptAt(started: bigint, moment: bigint): bigint {
  const isNear = started >= moment - DAY_MICROS && started <= moment + FUTURE_MICROS;
  return isNear ? started : moment;
}

/** @returns how many second versions were not kept before */
async function keepVersions(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  versions: readonly StoredEvent[],
): Promise<number> {
  const { rows } = await client.query(
    EVENTS_CONFLICT.query({ p_workspace: workspaceId, ...conflictColumns(versions) }),
  );
  return Number(rows[0]?.kept ?? 0);
}

/** One question, asked in a transaction that names the workspace to row-level security. */
async function inWorkspace<T extends pg.QueryResultRow>(
  workspaceId: WorkspaceId,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<T>> {
  return ingestTransaction(workspaceId, (client) => client.query<T>(text, [...values]));
}

/** The same for those who only look. */
async function reading<T extends pg.QueryResultRow>(
  workspaceId: WorkspaceId,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<T>> {
  return ingestSnapshot(workspaceId, (client) => client.query<T>(text, [...values]));
}

async function readPage(
  workspaceId: WorkspaceId,
  query: EventQuery,
  after: StoredEvent | null,
): Promise<readonly StoredEvent[]> {
  const values: unknown[] = [workspaceId, query.from, query.to];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = ["e.workspace_id = $1", "e.started_at >= $2", "e.started_at < $3"];
  if (query.agentId !== undefined) conditions.push(`e.agent_id = ${given(query.agentId)}`);
  if (query.kinds !== undefined) conditions.push(`e.kind = ANY (${given(query.kinds)}::text[])`);
  if (query.tool !== undefined) conditions.push(`e.tool = ${given(query.tool)}`);
  if (query.run !== undefined) conditions.push(`e.run = ${given(query.run)}`);
  if (query.errorsOnly === true) conditions.push("e.error_type IS NOT NULL");
  if (after !== null) {
    const { startNs, traceId, eventId } = after.event;
    const place = `${given(startNs)}::bigint, decode(${given(traceId)}, 'hex'), decode(${given(eventId)}, 'hex')`;
    conditions.push(`(e.start_ns, e.trace_id, e.event_id) > (${place})`);
    conditions.push(`e.started_at >= moment_of(${given(timesOf(after).started)}::bigint)`);
  }
  const { rows } = await reading<EventRow>(
    workspaceId,
    `SELECT ${EVENT_COLUMNS} FROM events e ${NEWEST_COST} WHERE ${conditions.join(" AND ")}
     ORDER BY e.start_ns, e.trace_id, e.event_id LIMIT ${PAGE}`,
    values,
  );
  return rows.map(eventOf);
}
