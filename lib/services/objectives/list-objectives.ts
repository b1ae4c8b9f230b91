import "server-only";

import { hoursBefore, windowOf } from "@/lib/core/objectives/hours";
import { WINDOW_DAYS } from "@/lib/core/objectives/schema";
import { MOST_BURN_HOURS, showObjective, type ShownObjective } from "@/lib/core/objectives/shown";
import { listObjectiveHours } from "@/lib/data/objective-hours";
import { listObjectives as readObjectives } from "@/lib/data/objectives";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";

/**
 * Every objective in force and how it stands at a moment, by agent. For any member.
 *
 * @throws {AppError} `not_found` for an unknown agent
 */
export async function listObjectives(ctx: ServiceContext, agent?: string): Promise<readonly ShownObjective[]> {
  requireMember(ctx);
  if (agent !== undefined) await agentOf(ctx.db, ctx.workspaceId, agent);
  const all = await standingObjectives(ctx, ctx.now);
  return agent === undefined ? all : all.filter((one) => one.agent === agent);
}

/** The objectives in force as they stood at a moment. */
export async function standingObjectives(ctx: ServiceContext, at: Date): Promise<readonly ShownObjective[]> {
  const objectives = await readObjectives(ctx.db, ctx.workspaceId);
  if (objectives.length === 0) return [];
  const { from, to } = windowOf(Math.max(...WINDOW_DAYS), at);
  const [days, hours] = await Promise.all([
    listObjectiveHours(ctx.db, ctx.workspaceId, { from, to, by: "day" }),
    listObjectiveHours(ctx.db, ctx.workspaceId, { from: hoursBefore(at, MOST_BURN_HOURS), to, by: "hour" }),
  ]);
  return objectives.map((objective) => {
    const counted = { days: days.get(objective.id) ?? new Map(), hours: hours.get(objective.id) ?? new Map() };
    return showObjective(objective, counted, at);
  });
}
