import "server-only";

import { compareOutcomes, type Line } from "@/lib/core/baselines/compare";
import type { StoredBaseline } from "@/lib/core/baselines/schema";
import { windowOf } from "@/lib/core/objectives/hours";
import { findBaseline, readOutcomes } from "@/lib/data/baselines";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";

const DAYS = 28;

/** What an agent's work came to beside what was recorded before it. */
export type ShownOutcomes = {
  readonly agent: string;
  readonly dri: string;
  readonly from: Date;
  readonly to: Date;
  readonly days: number;
  readonly runs: number;
  readonly lines: readonly Line[];
  readonly baseline: StoredBaseline | null;
};

/**
 * The outcomes of an agent's runs of the last 28 days against its baseline, for any member.
 *
 * @throws {AppError} `not_found`
 */
export async function showOutcomes(ctx: ServiceContext, handle: string): Promise<ShownOutcomes> {
  requireMember(ctx);
  const agent = await agentOf(ctx.db, ctx.workspaceId, handle);
  const { from } = windowOf(DAYS, ctx.now);
  const [baseline, outcomes] = await Promise.all([
    findBaseline(ctx.db, ctx.workspaceId, agent.agentId),
    readOutcomes(ctx.db, ctx.workspaceId, agent.agentId, { from, to: ctx.now }),
  ]);
  const lines = compareOutcomes(outcomes, baseline?.baseline ?? null, ctx.now);
  const about = { agent: agent.id, dri: agent.driId, from, to: ctx.now, days: DAYS, runs: outcomes.runs };
  return { ...about, lines, baseline };
}
