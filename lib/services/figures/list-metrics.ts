import "server-only";

import { type Metrics, metricsCsv, metricsOf, type MetricsQuery } from "@/lib/core/figures/metrics";
import { SpendQuery } from "@/lib/core/figures/spend";
import { AppError } from "@/lib/core/shared/errors";

import { requireMember, type ServiceContext } from "../context";
import { deriveSpend, readSpend } from "./read-spend";

/**
 * The figures of the page of spend, every row of them, for any member.
 *
 * @throws {AppError} `invalid_input` for a range or split that cannot be answered as asked
 */
export async function listMetrics(ctx: ServiceContext, query: MetricsQuery): Promise<Metrics> {
  requireMember(ctx);
  const read = await readSpend(ctx, SpendQuery.parse(query));
  refuseNotice("/query/from", read.range.notice);
  refuseNotice("/query/by", read.narrowing.notice);
  return metricsOf(read.range, deriveSpend(read, Infinity), query.measure);
}

/** The same as CSV. */
export async function exportMetrics(ctx: ServiceContext, query: MetricsQuery): Promise<string> {
  const { agent, model, provider, tool } = query;
  return metricsCsv(await listMetrics(ctx, query), { agent, model, provider, tool }, ctx.now);
}

function refuseNotice(path: string, notice: string | null): void {
  if (notice === null) return;
  throw new AppError("invalid_input", notice, { faults: [{ code: "invalid_value", path, message: notice }] });
}
