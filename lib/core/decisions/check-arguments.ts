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
  const own = firstBroken(tool.arguments, args);
  const first = own ?? firstBroken(compiled.egress, args);
  if (first !== null) {
    const reasons = [...tool.arguments, ...compiled.egress].flatMap((rule) => rule.check(args));
    return { check: "constraints", verdict: "deny", rule: first.rule, reasons };
  }
  if (tool.scopeNotes.length === 0) return PASS.constraints;
  const idle = tool.scopeNotes.find(({ names }) => !names.some((name) => Object.hasOwn(args, name)));
  return idle === undefined ? PASS.constraints : finding("constraints", "allow", null, idle.note);
}

function firstBroken(rules: readonly ArgumentRule[], args: JsonObject): ArgumentRule | null {
  for (const rule of rules) if (rule.check(args).length > 0) return rule;
  return null;
}
