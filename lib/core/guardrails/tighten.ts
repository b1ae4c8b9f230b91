import type { ApprovalTerms } from "@/lib/core/decisions/schema";
import { ApproverRole, type Execution } from "@/lib/core/manifests/schema";

import type { RestrictedTool } from "./schema";

/**
 * Bounds under which both hold: of two limits the lower, of two pauses the longer, of two answers to a breach the louder.
 *
 * Only what is written is compared; a default of the engine counts as written nowhere.
 */
export function tightenExecution(own: Execution | undefined, guardrail: Execution | undefined): Execution | undefined {
  if (own === undefined || guardrail === undefined) return own ?? withoutSilence(guardrail);
  const breakers = [own.circuit_breaker, guardrail.circuit_breaker].filter((breaker) => breaker !== undefined);
  const loops = [own.loop, guardrail.loop].filter((loop) => loop !== undefined);
  const isQuiet = own.on_budget_exceeded === "halt" && guardrail.on_budget_exceeded !== "halt_and_escalate";
  return {
    max_steps: least(own.max_steps, guardrail.max_steps),
    max_wall_clock_seconds: least(own.max_wall_clock_seconds, guardrail.max_wall_clock_seconds),
    max_cost_usd: least(own.max_cost_usd, guardrail.max_cost_usd),
    max_retries_per_action: least(own.max_retries_per_action, guardrail.max_retries_per_action),
    daily_tokens: least(own.daily_tokens, guardrail.daily_tokens),
    daily_cost_usd: least(own.daily_cost_usd, guardrail.daily_cost_usd),
    warn_at: least(own.warn_at, guardrail.warn_at),
    hard_at: least(own.hard_at, guardrail.hard_at),
    on_budget_exceeded: isQuiet ? "halt" : "halt_and_escalate",
    ...(breakers.length > 0 && {
      circuit_breaker: {
        failures: least(...breakers.map(({ failures }) => failures)),
        cool_down_seconds: most(...breakers.map(({ cool_down_seconds: pause }) => pause)),
      },
    }),
    ...(loops.length > 0 && { loop: { repeats: least(...loops.map(({ repeats }) => repeats)) } }),
  };
}

/** A guardrail cannot make a breach quieter than an agent whose manifest says nothing about it. */
function withoutSilence(guardrail: Execution | undefined): Execution | undefined {
  return guardrail && { ...guardrail, on_budget_exceeded: "halt_and_escalate" };
}

/** What a guardrail demands of how calls are approved, for all tools or for one. */
export type TermsDemand = Pick<RestrictedTool, "approval_timeout_seconds" | "quorum" | "approver_role"> & {
  readonly separationOfDuties?: boolean | undefined;
};

/** Terms that meet every demand too: the shortest time, the most people, the highest role, and never one's own call. */
export function tightenTerms(terms: ApprovalTerms, demands: readonly TermsDemand[]): ApprovalTerms {
  if (demands.length === 0) return terms;
  const roles = demands.flatMap(({ approver_role: role }) => (role === undefined ? [] : [role]));
  return Object.freeze({
    timeoutSeconds: Math.min(terms.timeoutSeconds, ...demands.map((one) => one.approval_timeout_seconds ?? Infinity)),
    quorum: Math.max(terms.quorum, ...demands.map((one) => one.quorum ?? 0)),
    approverRole: roles.reduce<string>(
      (highest, role) => (rank(role) > rank(highest) ? role : highest),
      terms.approverRole,
    ),
    separationOfDuties: terms.separationOfDuties || demands.some((one) => one.separationOfDuties === true),
  });
}

const ROLES: readonly string[] = ApproverRole.options;
const rank = (role: string) => ROLES.indexOf(role);

/** The least of those that are written; undefined when none is. */
export function least(...values: readonly (number | undefined)[]): number | undefined {
  const written = values.filter((value) => value !== undefined);
  return written.length === 0 ? undefined : Math.min(...written);
}

function most(...values: readonly (number | undefined)[]): number | undefined {
  const written = values.filter((value) => value !== undefined);
  return written.length === 0 ? undefined : Math.max(...written);
}
