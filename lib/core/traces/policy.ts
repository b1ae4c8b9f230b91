import { FIELD } from "./alias-index";
import type { Json, JsonObject } from "@/lib/core/shared/json";

import type { EventKind, EventPolicy } from "./event";
import { field, objectOf, textField } from "./parsed-text";
import type { Reading } from "./reading";

type PolicyDecision = EventPolicy["decision"];

const DECISIONS: Readonly<Record<string, PolicyDecision>> = {
  allow: "allow",
  allowed: "allow",
  accept: "allow",
  accepted: "allow",
  approve: "allow",
  approved: "allow",
  pass: "allow",
  passed: "allow",
  ok: "allow",
  success: "allow",
  deny: "deny",
  denied: "deny",
  block: "deny",
  blocked: "deny",
  reject: "deny",
  rejected: "deny",
  fail: "deny",
  failed: "deny",
  halt: "deny",
  require_approval: "require_approval",
  requires_approval: "require_approval",
  escalate: "require_approval",
  ask: "require_approval",
  modify: "modify",
  modified: "modify",
  redact: "modify",
  warn: "warn",
  warning: "warn",
};

/** What a policy elsewhere said, from its own attributes, or for a guardrail from what it returned. */
export function policyOf(reading: Reading, kind: EventKind): EventPolicy | null {
  const rule = reading.text(FIELD.policyRule);
  const policyId = reading.text(FIELD.policyId);
  const said = decisionOf(reading.get(FIELD.policyDecision), reading.keyOf(FIELD.policyDecision));
  if (said !== null) return { decision: said, rule, policyId };
  if (kind !== "guardrail") return null;
  const output = objectOf(reading.get(FIELD.output));
  const returned = decisionOfObject(output) ?? decisionOf(reading.get(FIELD.output), "");
  if (returned === null) return null;
  return {
    decision: returned,
    rule: rule ?? textField(output, "rule"),
    policyId: policyId ?? textField(output, "policy"),
  };
}

function decisionOf(value: Json | undefined, key: string): PolicyDecision | null {
  // A guardrail that was triggered stood against what it looked at.
  if (typeof value === "boolean") return key.endsWith(".triggered") === value ? "deny" : "allow";
  if (typeof value !== "string") return null;
  const word = value.trim().toLowerCase();
  return Object.hasOwn(DECISIONS, word) ? (DECISIONS[word] ?? null) : null;
}

function decisionOfObject(output: JsonObject | null): PolicyDecision | null {
  for (const key of ["decision", "verdict", "action", "status"]) {
    const decision = decisionOf(field(output, key), key);
    if (decision !== null) return decision;
  }
  for (const key of ["allowed", "passed"]) {
    const answer = field(output, key);
    if (typeof answer === "boolean") return answer ? "allow" : "deny";
  }
  for (const key of ["blocked", "tripwire_triggered", "flagged"]) {
    const answer = field(output, key);
    if (typeof answer === "boolean") return answer ? "deny" : "allow";
  }
  return null;
}
