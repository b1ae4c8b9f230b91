import { isGlob } from "@/lib/core/manifests/glob";
import { lintArguments } from "@/lib/core/manifests/lint-arguments";
import { error, hint, type LintFinding, type LintInput, SEVERITIES, warning } from "@/lib/core/manifests/lint-finding";
import { lintBlockedList } from "@/lib/core/manifests/lint-names";
import { meansTool } from "@/lib/core/manifests/freeze";
import { ToolName } from "@/lib/core/shared/names";
import { nearestName } from "@/lib/core/shared/nearest-name";

import type { Guardrail, RestrictedTool } from "./schema";

type Surroundings = Pick<LintInput, "catalogue" | "validators"> & { readonly now: Date };

/** Everything worth knowing about a guardrail beyond its grammar, gravest first, then in the order of the text. */
export function lintGuardrail(guardrail: Guardrail, around: Surroundings): readonly LintFinding[] {
  const { catalogue, validators, now } = around;
  const findings = [
    ...lintBlockedList(guardrail.tools.blocked, catalogue),
    ...guardrail.tools.restricted.flatMap((entry, index) => [
      ...lintRestricted(entry, `/tools/restricted/${index}`, around),
      // By a pattern a restriction means tools with and without the argument.
      ...(isGlob(entry.name)
        ? []
        : lintArguments({ manifest: guardrail, catalogue, validators }, entry, `/tools/restricted/${index}`)),
    ]),
    ...lintFreezes(guardrail, around, now),
    ...lintTests(guardrail),
  ];
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function lintRestricted(entry: RestrictedTool, path: string, { catalogue }: Surroundings): LintFinding[] {
  const { name, ...limits } = entry;
  const findings: LintFinding[] = [];
  if (Object.values(limits).every((limit) => limit === undefined)) {
    const message = `The entry for \`${name}\` restricts nothing.`;
    findings.push(warning("restricts_nothing", path, message, "Say what is restricted, or put it under `blocked`."));
  }
  if (isGlob(name)) {
    const isIdle = catalogue.size > 0 && ![...catalogue.keys()].some((tool) => meansTool(name, tool));
    const message = `No tool of the catalogue is called like \`${name}\`.`;
    if (isIdle)
      findings.push(hint("unknown_restriction", `${path}/name`, message, "Check the pattern; it does no harm."));
  } else if (!ToolName.safeParse(name).success) {
    const message = `\`${name}\` is no plain tool name: 1 to 128 of A-Z a-z 0-9 _ . - with no dot at either end.`;
    findings.push(error("name_not_plain", `${path}/name`, message, "Write the name as the catalogue has it."));
  } else if (catalogue.size > 0 && !catalogue.has(name)) {
    const nearest = nearestName(name, [...catalogue.keys()]);
    const message = `\`${name}\` is not in the catalogue, so there is nothing to restrict yet.`;
    const fix = nearest === null ? "Check the spelling; the line does no harm." : `Did you mean \`${nearest}\`?`;
    findings.push(warning("unknown_restriction", `${path}/name`, message, fix));
  }
  return findings;
}

function lintFreezes(guardrail: Guardrail, { catalogue }: Surroundings, now: Date): LintFinding[] {
  return (guardrail.freezes ?? []).flatMap(({ name, to, tools }, index) => {
    const findings: LintFinding[] = [];
    const path = `/freezes/${index}`;
    if (Date.parse(to) <= now.getTime())
      findings.push(hint("freeze_over", `${path}/to`, `“${name}” is over.`, "Remove it when it is no longer of use."));
    for (const [at, text] of (tools ?? []).entries()) {
      const isKnown = catalogue.size === 0 || [...catalogue.keys()].some((tool) => meansTool(text, tool));
      if (isKnown) continue;
      const message = `No tool of the catalogue is called like \`${text}\`.`;
      findings.push(
        hint("unknown_freeze", `${path}/tools/${at}`, message, "Check the spelling; the line does no harm."),
      );
    }
    return findings;
  });
}

function lintTests({ tests }: Guardrail): LintFinding[] {
  if (tests !== undefined && tests.length > 0) return [];
  const message = "No case is pinned, so nothing notices an unmeant change.";
  return [hint("no_tests", "/tests", message, "Pin a call that must not pass, whatever a manifest says.")];
}
