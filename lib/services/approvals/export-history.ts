import "server-only";

import { headlineText } from "@/lib/core/approvals/headline-text";
import { HISTORY_COLUMNS, type HistoryQuery } from "@/lib/core/approvals/history";
import { csvRow } from "@/lib/core/shared/csv";
import { type HistoryRow, listHistoryRows } from "@/lib/data/approval-history";

import { requireMember, type ServiceContext } from "../context";
import { waitForTurn } from "../take-turn";

const BATCH = 500;

/** The history as CSV, latest first, as far as it is narrowed: what was asked for stands in the first lines. */
export async function* exportHistory(ctx: ServiceContext, query: HistoryQuery): AsyncGenerator<string> {
  const { memberId } = requireMember(ctx);
  const asked = Object.entries(query).filter(([name, value]) => value !== undefined && name !== "cursor");
  yield csvRow(["Interlock, history of actions", ctx.now.toISOString(), "times in UTC"]);
  for (const [name, value] of asked) yield csvRow([name, String(value)]);
  yield csvRow(HISTORY_COLUMNS);
  let cursor = query.cursor;
  for (;;) {
    const rows = await listHistoryRows(ctx.db, ctx.workspaceId, memberId, { ...query, cursor }, BATCH);
    if (rows.length > 0) yield await waitForTurn(ctx, () => rows.map(lineOf).join(""));
    if (rows.length < BATCH) return;
    cursor = rows.at(-1)?.id;
  }
}

function lineOf(row: HistoryRow): string {
  const headline = headlineText(row.headline, { hideCount: row.state === "waiting" && row.band === "critical" });
  return csvRow([
    row.id,
    row.state,
    row.createdAt.toISOString(),
    row.endedAt?.toISOString() ?? null,
    headline,
    row.agent,
    row.tool,
    row.band,
    row.score,
    row.people,
    row.note,
  ]);
}
