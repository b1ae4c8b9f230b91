import "server-only";

import type pg from "pg";
import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { Repriced } from "@/lib/core/traces/repriced-cost";
import type { StoredCost, StoredEvent } from "@/lib/core/traces/stored-event";

import { EVENT_COLUMNS, eventOf, type EventRow, NEWEST_COST } from "./event-rows";
import { ingestTransaction } from "./ingest-pool";
import { countedPicos, moveCosts } from "./move-costs";
import { arrayOf } from "./wire";

const Open = z.object({
  from: z.date(),
  to: z.date(),
  trace: z.string().nullable(),
  event: z.string().nullable(),
  is_over: z.boolean(),
});

/** A place among a workspace's events in the order of their ids, in hex. */
type Place = { readonly trace: string; readonly event: string };

/**
 * Prices one batch of a repricing's events: new prices, what they change in every count, and how far it got, all in one
 * transaction. So it can be killed at any moment and continues where it was, and two workers take turns.
 *
 * Events are read in the order of their ids, which an index has, each of them once. One that arrives meanwhile is priced
 * when it arrives.
 *
 * @param costNow what an event costs now; null where nothing changes
 * @param take how many events to walk over
 * @returns whether no event is left
 */
export function repriceSome(
  workspaceId: WorkspaceId,
  { id, take }: { readonly id: string; readonly take: number },
  costNow: (stored: StoredEvent) => StoredCost | null,
): Promise<boolean> {
  return ingestTransaction(workspaceId, async (client) => {
    // What a price moves is counted under the lock that events are written and counted under.
    await client.query("SELECT pg_advisory_xact_lock(events_lock_key($1))", [workspaceId]);
    const found = await client.query(
      `SELECT from_at AS from, to_at AS to, encode(after_trace, 'hex') AS trace, encode(after_event, 'hex') AS event,
         scanned_at IS NOT NULL AS is_over
       FROM repricings WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
      [workspaceId, id],
    );
    if (found.rows[0] === undefined) return true;
    const open = Open.parse(found.rows[0]);
    if (open.is_over) return true;
    const after = { trace: open.trace ?? "", event: open.event ?? "" };
    const upTo = await placeAfter(client, workspaceId, { ...open, after, take });
    const events = await readPriced(client, workspaceId, { ...open, after, upTo });
    const repriced = events.flatMap(({ stored, kept }) => {
      const cost = costNow(stored);
      return cost === null ? [] : [{ stored, cost, kept }];
    });
    await insertCosts(client, workspaceId, id, repriced);
    await moveCosts(client, workspaceId, repriced);
    await noteProgress(client, workspaceId, id, { upTo, looked: events.length, repriced });
    return upTo === null;
  });
}

/** The place so many events further; null where there are fewer. */
async function placeAfter(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  { from, after, take }: { readonly from: Date; readonly after: Place; readonly take: number },
): Promise<Place | null> {
  const { rows } = await client.query<Place>(
    `SELECT encode(e.trace_id, 'hex') AS trace, encode(e.event_id, 'hex') AS event FROM events e
     WHERE e.workspace_id = $1 AND (e.trace_id, e.event_id) > (decode($2, 'hex'), decode($3, 'hex')) AND ${keptSince("$5")}
     ORDER BY e.trace_id, e.event_id OFFSET $4 LIMIT 1`,
    [workspaceId, after.trace, after.event, take - 1, from],
  );
  return rows[0] ?? null;
}

/** No event is kept under a day before the one it began on, so that the partitions of earlier days are not read. */
const keptSince = (from: string) => `e.kept_at >= ${from}::timestamptz - interval '1 hour'`;

type Kept = { readonly stored: StoredEvent; readonly kept: bigint };

/** The events between two places that have usage of their own, each with its newest price. */
async function readPriced(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  {
    from,
    to,
    after,
    upTo,
  }: { readonly from: Date; readonly to: Date; readonly after: Place; readonly upTo: Place | null },
): Promise<readonly Kept[]> {
  const values = [workspaceId, from, to, after.trace, after.event];
  const end = upTo === null ? "" : "AND (e.trace_id, e.event_id) <= (decode($6, 'hex'), decode($7, 'hex'))";
  const { rows } = await client.query<EventRow & { readonly kept: string }>(
    `SELECT ${EVENT_COLUMNS}, micros_since_1970(e.kept_at)::text AS kept FROM events e ${NEWEST_COST}
     WHERE e.workspace_id = $1 AND ${keptSince("$2")} AND e.started_at >= $2 AND e.started_at < $3 AND e.usage_role = 'leaf'
       AND e.cost_status IN ('given', 'computed', 'unpriced')
       AND (e.trace_id, e.event_id) > (decode($4, 'hex'), decode($5, 'hex')) ${end}
     ORDER BY e.trace_id, e.event_id`,
    upTo === null ? values : [...values, upTo.trace, upTo.event],
  );
  return rows.map((row) => ({ stored: eventOf(row), kept: BigInt(row.kept) }));
}

async function insertCosts(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  id: string,
  repriced: readonly (Repriced & { readonly kept: bigint })[],
): Promise<void> {
  if (repriced.length === 0) return;
  const picos = (of: (cost: StoredCost) => string | null) =>
    arrayOf(
      "int8",
      repriced.map(({ cost }) => (of(cost) === null ? null : BigInt(of(cost) ?? 0))),
    );
  const hex = (of: (stored: StoredEvent) => string) =>
    arrayOf(
      "bytea",
      repriced.map(({ stored }) => Buffer.from(of(stored), "hex")),
    );
  await client.query(
    `INSERT INTO event_costs
       (workspace_id, trace_id, event_id, version, kept_at, cost_picos, computed_picos, cost_status, price_ref, repricing_id)
     SELECT $1, u.trace, u.event, 1 + coalesce((SELECT max(c.version) FROM event_costs c
         WHERE c.workspace_id = $1 AND c.trace_id = u.trace AND c.event_id = u.event), 0),
       moment_of(u.kept), u.cost, u.computed, u.status, u.ref, $2
     FROM unnest($3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])
       AS u (trace, event, kept, cost, computed, status, ref)`,
    [
      workspaceId,
      id,
      hex(({ event }) => event.traceId),
      hex(({ event }) => event.eventId),
      arrayOf(
        "int8",
        repriced.map(({ kept }) => kept),
      ),
      picos((cost) => cost.picos),
      picos((cost) => cost.computedPicos),
      arrayOf(
        "text",
        repriced.map(({ cost }) => cost.status),
      ),
      arrayOf(
        "text",
        repriced.map(({ cost }) => cost.priceRef),
      ),
    ],
  );
}

async function noteProgress(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  id: string,
  {
    upTo,
    looked,
    repriced,
  }: { readonly upTo: Place | null; readonly looked: number; readonly repriced: readonly Repriced[] },
): Promise<void> {
  const sum = (of: (one: Repriced) => StoredCost) =>
    String(repriced.reduce((total, one) => total + countedPicos(of(one)), 0n));
  const newly = repriced.filter(({ stored, cost }) => stored.cost.status === "unpriced" && cost.status !== "unpriced");
  await client.query(
    `UPDATE repricings SET after_trace = coalesce(decode($3, 'hex'), after_trace),
       after_event = coalesce(decode($4, 'hex'), after_event), looked_at = looked_at + $5, repriced = repriced + $6,
       newly_priced = newly_priced + $7, before_picos = before_picos + $8::numeric,
       after_picos = after_picos + $9::numeric, scanned_at = CASE WHEN $3 IS NULL THEN clock_timestamp() END
     WHERE workspace_id = $1 AND id = $2`,
    [
      workspaceId,
      id,
      upTo?.trace ?? null,
      upTo?.event ?? null,
      looked,
      repriced.length,
      newly.length,
      sum(({ stored }) => stored.cost),
      sum(({ cost }) => cost),
    ],
  );
}
