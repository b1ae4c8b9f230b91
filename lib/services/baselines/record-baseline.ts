import "server-only";

import { v7 as uuidv7 } from "uuid";

import { requirePast } from "@/lib/core/baselines/period";
import type { RecordBaselineInput } from "@/lib/core/baselines/schema";
import { endBaseline, insertBaseline } from "@/lib/data/baselines";
import { transact } from "@/lib/data/db";
import { findSettings } from "@/lib/data/workspaces";

import { agentOf } from "../agents/find-agent";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Records how an agent's work was done before it, in the place of what was recorded before.
 *
 * @throws {AppError} `invalid_input` for a period that has not ended; `forbidden` unless its DRI, an operator or a policy administrator asks; `not_found`
 */
export async function recordBaseline(
  ctx: ServiceContext,
  input: RecordBaselineInput,
): Promise<{ readonly id: string }> {
  requireMember(ctx);
  const { baseline } = input;
  requirePast(baseline, ctx.now);
  const id = uuidv7();
  await transact(ctx.db, async (tx) => {
    const actor = await requireNow(tx, ctx);
    await findSettings(tx, ctx.workspaceId, { lock: true }); // one at a time: two would not see each other's
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    if (agent.driId !== actor.memberId) requireRole({ ...ctx, actor }, "operator", "policy_admin");
    const by = { by: actor.memberId, at: ctx.now };
    const replaces = await endBaseline(tx, ctx.workspaceId, agent.agentId, by);
    await insertBaseline(tx, ctx.workspaceId, { id, agentId: agent.agentId, baseline }, by);
    // The ledger holds no fractions, so what may have one is text.
    const said = Object.entries(baseline).map(([name, value]) => [name, String(value)]);
    await record(tx, ctx, "baseline.record", { agent: agent.id, ...Object.fromEntries(said), id, replaces });
  });
  return { id };
}
