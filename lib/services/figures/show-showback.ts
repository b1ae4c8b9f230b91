import "server-only";

import { type SpendMeasure, mapSpend, SPEND_MEASURES } from "@/lib/core/figures/measures";
import { partsOfPeriod } from "@/lib/core/figures/parts";
import { type Range, readRange } from "@/lib/core/figures/range";
import {
  type Showback,
  type ShowbackAgent,
  showbackCsv,
  showbackOf,
  type ShowbackQuery,
} from "@/lib/core/figures/showback";
import { AppError } from "@/lib/core/shared/errors";
import { listSpendAgents } from "@/lib/data/spend-facts";

import { requireMember, type ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

const CALL_MEASURES: readonly SpendMeasure[] = SPEND_MEASURES.filter((name) => name !== "runs" && name !== "succeeded");

/**
 * What each owner's agents cost in a month of a zone, from one moment; for any member.
 *
 * @throws {AppError} `invalid_input` for a zone that does not exist, and a month that has not begun
 */
export async function showShowback(ctx: ServiceContext, query: ShowbackQuery): Promise<Showback> {
  requireMember(ctx);
  const { db, workspaceId } = ctx;
  const range = monthOf(query, ctx.now);
  const parts = partsOfPeriod(range);
  const [agents, [totals = [], calls = []]] = await Promise.all([
    listSpendAgents(db, workspaceId),
    traceStore.spend(workspaceId, [
      { from: "values", dimension: "all", by: ["agent"], parts, measures: SPEND_MEASURES },
      { from: "calls", by: ["agent", "model", "tool"], where: {}, parts, measures: CALL_MEASURES },
    ]),
  ]);
  const known = new Map<string, (typeof agents)[number]>(agents.map((agent) => [agent.id, agent]));
  const callsOf = new Map<string, ShowbackAgent["calls"][number][]>();
  for (const {
    group: [id = "", model = "", tool = ""],
    sums,
  } of calls) {
    const own = callsOf.get(id) ?? [];
    own.push({ model, tool, sums: mapSpend(sums) });
    callsOf.set(id, own);
  }
  return showbackOf(
    query.month,
    range,
    totals.map(({ group: [id = ""], sums }) => {
      const agent = known.get(id);
      return {
        agent: agent?.handle ?? id,
        ownerId: agent?.owner_id ?? null,
        owner: agent?.owner ?? "nobody",
        sums: mapSpend(sums),
        calls: callsOf.get(id) ?? [],
      };
    }),
  );
}

/** The same as CSV. */
export async function exportShowback(ctx: ServiceContext, query: ShowbackQuery): Promise<string> {
  return showbackCsv(await showShowback(ctx, query), ctx.now);
}

function monthOf({ month, tz }: ShowbackQuery, now: Date): Range {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
  const range = readRange({ from: `${month}-01`, to: `${next}-01`, cmp: "none", ...(tz !== undefined && { tz }) }, now);
  if (range.fault === null) return range;
  const [path, message] =
    range.fault.name === "tz"
      ? ["/query/tz", range.fault.message]
      : ["/query/month", `${month} has not begun. Send this month or an earlier one.`];
  throw new AppError("invalid_input", message, { faults: [{ code: "invalid_value", path, message }] });
}
