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
  const { fault } = read.range;
  if (fault !== null) refuse(fault.name, fault.message);
  if (read.narrowing.fault !== null) refuse("by", read.narrowing.fault);
  return metricsOf(read.range, deriveSpend(read, Infinity), query.measure);
}

/** The same as CSV. */
export async function exportMetrics(ctx: ServiceContext, query: MetricsQuery): Promise<string> {
  const { agent, model, provider, tool } = query;
  return metricsCsv(await listMetrics(ctx, query), { agent, model, provider, tool }, ctx.now);
}

function refuse(name: string, message: string): never {
  throw new AppError("invalid_input", message, {
    faults: [{ code: "invalid_value", path: `/query/${name}`, message }],
  });
}
