import "server-only";

import { v7 as uuidv7 } from "uuid";

import { bpOf, hasLimit, limitUnits, MOST_OBJECTIVES, type SetObjectiveInput } from "@/lib/core/objectives/schema";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { countObjectives as countInForce, endObjective, insertObjective } from "@/lib/data/objectives";
import { findSettings } from "@/lib/data/workspaces";

import { agentOf } from "../agents/find-agent";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { countObjectives } from "./count-objectives";

/**
 * Sets an objective of an agent in the place of its objective of the same measure, and counts what is known already.
 *
 * @throws {AppError} `forbidden` unless its DRI, an operator or a policy administrator asks; `not_found` for an unknown
 * agent; `conflict` (`agent_retired`, `too_many_objectives`)
 */
export async function setObjective(ctx: ServiceContext, input: SetObjectiveInput): Promise<{ readonly id: string }> {
  requireMember(ctx);
  const { measure, days } = input;
  const id = uuidv7();
  await transact(ctx.db, async (tx) => {
    const actor = await requireNow(tx, ctx);
    await findSettings(tx, ctx.workspaceId, { lock: true }); // one at a time: two would not see each other's
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    if (agent.driId !== actor.memberId) requireRole({ ...ctx, actor }, "operator", "policy_admin");
    if (agent.status === "retired")
      throw new AppError("conflict", "A retired agent has no objectives.", { reason: "agent_retired" });
    const by = { by: actor.memberId, at: ctx.now };
    const replaces = await endObjective(tx, ctx.workspaceId, { agentId: agent.agentId, measure }, by);
    if ((await countInForce(tx, ctx.workspaceId)) >= MOST_OBJECTIVES) {
      const message = `A workspace has at most ${MOST_OBJECTIVES} objectives. Remove one first.`;
      throw new AppError("conflict", message, { reason: "too_many_objectives" });
    }
    const most = hasLimit(measure) ? limitUnits(measure, input.at_most) : null;
    const targetBp = bpOf(input.target_percent);
    await insertObjective(tx, ctx.workspaceId, { id, agentId: agent.agentId, measure, targetBp, days, most }, by);
    const limit = { at_most: input.at_most === "" ? null : input.at_most };
    const details = { objective: id, agent: agent.id, measure, target_bp: targetBp, days, ...limit, replaces };
    await record(tx, ctx, "objective.set", details);
  });
  await countObjectives(ctx, { only: id });
  return { id };
}
