import type { CallReading } from "@/lib/core/commands/read-call";
import type { RestrictedTool } from "@/lib/core/guardrails/schema";
import { NO_REASONS } from "@/lib/core/decisions/results";

import type { ArgumentRule } from "./argument-rule";
import { type CompiledRule, compileRule, type RuleSurroundings } from "./compile-rule";
import { isCommandConstraint } from "./command-constraint";
import { constrain } from "./constraint";
import { isGlob } from "./glob";

/**
 * Compiles one restriction of the guardrail for a tool it means.
 *
 * A restriction that names its tool is read as the same words in a manifest. One that means many tools by a pattern
 * cannot know their arguments: there a constraint on an argument that the tool's schema does not have binds only calls
 * that carry it.
 */
export function compileRestriction(
  tool: string,
  entry: RestrictedTool,
  { index, around }: { readonly index: number; readonly around: RuleSurroundings },
): CompiledRule {
  const place = { rule: `guardrails.tools.restricted[${index}]`, path: `/guardrails/tools/restricted/${index}` };
  const compiled = compileRule({ ...entry, name: tool }, place, around);
  if (!isGlob(entry.name) || around.known.size === 0) return compiled;
  return { ...compiled, arguments: compiled.arguments.map((rule) => whereItFits(rule, entry, place.rule, around)) };
}

function whereItFits(
  rule: ArgumentRule,
  entry: RestrictedTool,
  place: string,
  { known }: RuleSurroundings,
): ArgumentRule {
  const name = Object.keys(entry.constraints ?? {}).find((key) => rule.rule === `${place}.constraints.${key}`);
  if (name !== undefined && isCommandConstraint(name)) {
    const { check } = rule;
    const isSpoken = (reading: CallReading) =>
      (name === "allowed_statements" ? reading.statements : reading.commands).length > 0;
    return { rule: rule.rule, check: (args, reading) => (isSpoken(reading) ? check(args, reading) : NO_REASONS) };
  }
  const meant = name === undefined ? null : constrain(name, known);
  if (meant === null || meant.fits) return rule;
  return {
    rule: rule.rule,
    check: (args, reading) =>
      meant.checked.some((argument) => Object.hasOwn(args, argument)) ? rule.check(args, reading) : NO_REASONS,
  };
}
