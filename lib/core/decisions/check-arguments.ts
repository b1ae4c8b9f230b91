import type { CallReading } from "@/lib/core/commands/read-call";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import type { CompiledTool } from "@/lib/core/manifests/compile-tool";
import type { JsonObject } from "@/lib/core/shared/json";
import type { Validator } from "@/lib/core/tools/validators";

import { finding, NO_REASONS, PASS } from "./results";
import type { CheckResult, Reason } from "./schema";

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
export function checkConstraints(
  compiled: CompiledManifest,
  tool: CompiledTool,
  { args, reading }: { readonly args: JsonObject; readonly reading: CallReading },
): CheckResult {
  let rule: string | null = null;
  let reasons: readonly Reason[] = NO_REASONS;
  for (const argument of tool.arguments) {
    const found = argument.check(args, reading);
    if (found.length === 0) continue;
    rule ??= argument.rule;
    reasons = [...reasons, ...found];
  }
  for (const egress of compiled.egress) {
    const found = egress.check(args, reading);
    if (found.length === 0) continue;
    rule ??= egress.rule;
    reasons = [...reasons, ...found];
  }
  if (reasons.length > 0) return { check: "constraints", verdict: "deny", rule, reasons: [...reasons] };
  const idle = tool.scopeNotes.find(({ names }) => !names.some((name) => Object.hasOwn(args, name)));
  return idle === undefined ? PASS.constraints : finding("constraints", "allow", null, idle.note);
}
