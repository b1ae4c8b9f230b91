import type { ArgumentRule } from "@/lib/core/manifests/argument-rule";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import type { CompiledTool } from "@/lib/core/manifests/compile-tool";
import type { JsonObject } from "@/lib/core/shared/json";
import type { Validator } from "@/lib/core/tools/validators";

import { finding, PASS } from "./results";
import type { CheckResult } from "./schema";

/** Check 5: the arguments fit the catalogue's schema and every `args_schema` of the manifest. */
export function checkArguments(tool: CompiledTool, args: JsonObject): CheckResult {
  for (const { rule, schema } of tool.schemas) {
    const refused = schemaResult(schema, args, rule);
    if (refused !== null) return refused;
  }
  return PASS.arguments;
}

function schemaResult(schema: Validator, args: JsonObject, rule: string): CheckResult | null {
  const validation = schema.check(args);
  if (validation.kind === "valid") return null;
  if (validation.kind === "unusable") {
    const message = `The tool's schema cannot be used, so no call of it can pass: ${validation.why}`;
    return finding("arguments", "deny", rule, { code: "invalid_tool_schema", message, path: "/args" });
  }
  const reasons = validation.faults.map(({ path, message }) => ({
    code: "invalid_arguments",
    message,
    path: `/args${path}`,
  }));
  return { check: "arguments", verdict: "deny", rule, reasons };
}

/** Check 6: scope, constraints, `when`, ids instead of predicates, and the hosts that may be addressed. */
export function checkConstraints(compiled: CompiledManifest, tool: CompiledTool, args: JsonObject): CheckResult {
  const own = broken(null, tool.arguments, args);
  const all = compiled.egress.length === 0 ? own : broken(own, compiled.egress, args);
  if (all !== null) return all;
  if (tool.scopeNotes.length === 0) return PASS.constraints;
  const idle = tool.scopeNotes.find(({ names }) => !names.some((name) => Object.hasOwn(args, name)));
  return idle === undefined ? PASS.constraints : finding("constraints", "allow", null, idle.note);
}

/** What was found so far and what these rules find besides; the first rule that is broken names the refusal. */
function broken(before: CheckResult | null, rules: readonly ArgumentRule[], args: JsonObject): CheckResult | null {
  let found = before;
  for (const rule of rules) {
    const reasons = rule.check(args);
    if (reasons.length === 0) continue;
    found ??= { check: "constraints", verdict: "deny", rule: rule.rule, reasons: [] };
    found.reasons.push(...reasons);
  }
  return found;
}
