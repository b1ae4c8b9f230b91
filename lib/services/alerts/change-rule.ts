import "server-only";

import type { ChangeRuleInput } from "@/lib/core/alerts/schema";
import { upsertRuleOverride } from "@/lib/data/alert-rules";
import { transact } from "@/lib/data/db";

import { agentOf } from "../agents/find-agent";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Changes a rule of alerts for every agent, or for one: whether it is on, its threshold, how long it must hold.
 *
 * @throws {AppError} `forbidden` below policy administrator; `not_found` for an unknown agent
 */
export async function changeRule(ctx: ServiceContext, input: ChangeRuleInput): Promise<{ rule: string }> {
  const { memberId } = requireRole(ctx, "policy_admin");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "policy_admin");
    const agent = input.agent === undefined ? null : await agentOf(tx, ctx.workspaceId, input.agent);
    const override = {
      rule: input.rule,
      agentId: agent?.agentId ?? null,
      on: input.on ?? null,
      factor: input.factor ?? null,
      forMinutes: input.for_minutes ?? null,
    };
    await upsertRuleOverride(tx, ctx.workspaceId, override, { by: memberId, at: ctx.now });
    await record(tx, ctx, "alert_rule.change", {
      rule: input.rule,
      agent: agent?.id ?? null,
      on: override.on,
      factor: override.factor === null ? null : String(override.factor),
      for_minutes: override.forMinutes,
      reason: input.reason,
    });
  });
  return { rule: input.rule };
}
