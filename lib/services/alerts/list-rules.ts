import "server-only";

import { type Rule, type RuleOverride, ruleFor, RULES } from "@/lib/core/alerts/rules";
import { listRuleOverrides } from "@/lib/data/alert-rules";

import { requireMember, type ServiceContext } from "../context";

/** A rule as it holds for a workspace, and how many agents have one of their own. */
export type ShownRule = Rule & { readonly isChanged: boolean; readonly agents: number };

/** Every rule of alerts, as it holds here. */
export async function listRules(ctx: ServiceContext): Promise<readonly ShownRule[]> {
  requireMember(ctx);
  const overrides = await listRuleOverrides(ctx.db, ctx.workspaceId);
  return RULES.map((rule) => shown(rule, overrides));
}

function shown(rule: Rule, overrides: readonly RuleOverride[]): ShownRule {
  const mine = overrides.filter((one) => one.rule === rule.id);
  return {
    ...ruleFor(rule, overrides, null),
    isChanged: mine.some(({ agentId }) => agentId === null),
    agents: mine.filter(({ agentId }) => agentId !== null).length,
  };
}
