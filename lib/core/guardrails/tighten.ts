import type { ApprovalTerms } from "@/lib/core/decisions/schema";
import { DEFAULT_BOUNDS } from "@/lib/core/manifests/default-bounds";
import { ApproverRole, type Execution } from "@/lib/core/manifests/schema";

import type { RestrictedTool } from "./schema";

/**
 * Bounds under which both hold: of two limits the lower, of two pauses the longer, of two answers to a breach the louder.
 *
 * What holds without being written counts as written by the manifest, so that a guardrail cannot raise it.
 */
export function tightenExecution(own: Execution = {}, guardrail: Execution | undefined): Execution {
  if (guardrail === undefined) return own;
  const loops = [own.loop, guardrail.loop].filter((loop) => loop !== undefined);
  const isQuiet = own.on_budget_exceeded === "halt" && guardrail.on_budget_exceeded !== "halt_and_escalate";
  return {
    max_steps: least(own.max_steps, guardrail.max_steps),
    max_wall_clock_seconds: least(own.max_wall_clock_seconds, guardrail.max_wall_clock_seconds),
    max_cost_usd: least(own.max_cost_usd, guardrail.max_cost_usd),
    max_retries_per_action: least(
      own.max_retries_per_action ?? DEFAULT_BOUNDS.maxRetries,
      guardrail.max_retries_per_action,
    ),
    daily_tokens: least(own.daily_tokens, guardrail.daily_tokens),
    daily_cost_usd: least(own.daily_cost_usd, guardrail.daily_cost_usd),
    warn_at: least(own.warn_at ?? DEFAULT_BOUNDS.warnAt, guardrail.warn_at),
    hard_at: least(own.hard_at ?? DEFAULT_BOUNDS.hardAt, guardrail.hard_at),
    default_estimate_usd: own.default_estimate_usd,
    default_estimate_tokens: own.default_estimate_tokens,
    on_budget_exceeded: isQuiet ? "halt" : "halt_and_escalate",
    circuit_breaker: {
      failures: least(
        own.circuit_breaker?.failures ?? DEFAULT_BOUNDS.breakerFailures,
        guardrail.circuit_breaker?.failures,
      ),
      cool_down_seconds: most(
        own.circuit_breaker?.cool_down_seconds ?? DEFAULT_BOUNDS.breakerCoolDownSeconds,
        guardrail.circuit_breaker?.cool_down_seconds,
      ),
    },
    ...(loops.length > 0 && {
      loop: { repeats: least(...loops.map(({ repeats }) => repeats ?? DEFAULT_BOUNDS.loopRepeats)) },
    }),
  };
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
