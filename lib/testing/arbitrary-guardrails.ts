import fc from "fast-check";

import { Guardrail } from "@/lib/core/guardrails/schema";

import { anyEntry, anyFreeze, anySource } from "./arbitrary-policies";
import { BLOCKED, HOSTS, NAMES, optional, present, seldom, some } from "./arbitrary-world";

const PATTERNS = [...NAMES, ...NAMES, "*", "*_b", "s?nd_c", "WRITE_B", "r*"] as const;

const anyRestricted = fc
  .tuple(fc.constantFrom(...PATTERNS), anyEntry())
  .map(([name, { rollback: _rollback, ...entry }]) => ({
    ...entry,
    name,
  }));

/** A guardrail of the enforced language over the small world. */
export const anyGuardrail: fc.Arbitrary<Guardrail> = fc
  .record({
    tools: fc
      .record({ restricted: fc.array(anyRestricted, { maxLength: 3 }), blocked: seldom(some(BLOCKED), 6) })
      .map(present),
    freezes: seldom(fc.array(anyFreeze, { minLength: 1, maxLength: 2 }), 4),
    execution: optional(
      fc
        .record({
          max_steps: optional(fc.integer({ min: 2, max: 8 })),
          max_wall_clock_seconds: optional(fc.constantFrom(30, 90)),
          max_cost_usd: optional(fc.constantFrom(0, 0.5, 1.5, 3)),
        })
        .map(present),
    ),
    context: optional(
      fc
        .subarray(["crm", "kb", "unknown"])
        .chain((names) => fc.tuple(...names.map(anySource)).map((sources) => ({ sources }))),
    ),
    egress: seldom(fc.record({ allow: some(HOSTS) }), 5),
    approval: optional(
      fc
        .record({
          quorum: optional(fc.integer({ min: 1, max: 3 })),
          timeout_seconds: optional(fc.constantFrom(30, 600)),
          separation_of_duties: optional(fc.constant(true as const)),
        })
        .map(present),
    ),
    risk: seldom(fc.record({ require_approval_at: fc.integer({ min: 10, max: 90 }) }), 3),
  })
  .map((guardrail) => Guardrail.parse(present(guardrail)));
