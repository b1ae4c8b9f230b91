import type { CompiledManifest, CompiledTool } from "@/lib/core/manifests/compile";
import type { JsonObject } from "@/lib/core/shared/json";
import type { Validator } from "@/lib/core/tools/validators";

import { finding, PASS } from "./results";
import type { CheckResult, Reason } from "./schema";

/** Check 5: the arguments fit the catalogue's schema and every `args_schema` of the manifest. */
export function checkArguments(tool: CompiledTool, args: JsonObject): CheckResult {
  if (tool.schema !== null) {
    const refused = schemaResult(tool.schema, args, "catalogue.args_schema");
    if (refused) return refused;
  }
  for (const { rule, schema } of tool.rules) {
    if (schema === null) continue;
    const refused = schemaResult(schema, args, `${rule}.args_schema`);
    if (refused) return refused;
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
  const reasons = validation.faults.map(({ path, message }) => ({ code: "invalid_arguments", message, path: `/args${path}` }));
  return { check: "arguments", verdict: "deny", rule, reasons };
}

/** Check 6: scope, constraints, `when`, ids instead of predicates, and the hosts that may be addressed. */
export function checkConstraints(compiled: CompiledManifest, tool: CompiledTool, args: JsonObject): CheckResult {
  let rule: string | null = null;
  let reasons: Reason[] | null = null;
  let note: Reason | null = null;
  for (const entry of tool.rules) {
    for (const argument of entry.arguments) {
      const found = argument.check(args);
      if (found.length === 0) continue;
      rule ??= argument.rule;
      reasons = reasons === null ? [...found] : [...reasons, ...found];
    }
    if (entry.scopeNote !== null && entry.scope !== null && !names(entry.scope.names, args)) note = entry.scopeNote;
  }
  if (compiled.egress !== null) {
    const found = compiled.egress.check(args);
    if (found.length > 0) {
      rule ??= compiled.egress.rule;
      reasons = reasons === null ? [...found] : [...reasons, ...found];
    }
  }
  if (reasons !== null) return { check: "constraints", verdict: "deny", rule, reasons };
  return note === null ? PASS.constraints : finding("constraints", "allow", null, note);
}

function names(candidates: readonly string[], args: JsonObject): boolean {
  for (const candidate of candidates) if (Object.hasOwn(args, candidate)) return true;
  return false;
}
