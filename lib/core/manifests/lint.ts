import { createValidators, type Validators } from "@/lib/core/tools/validators";

import {
  error,
  hint,
  info,
  type LintedAgent,
  type LintFinding,
  type LintInput,
  SEVERITIES,
  warning,
} from "./lint-finding";
import { lintArguments } from "./lint-arguments";
import { lintNames } from "./lint-names";
import { lintSources } from "./lint-sources";
import { neverRuns } from "./lint-timeout";
import { lintTool } from "./lint-tool";
import { locator } from "./parse";
import type { Manifest } from "./schema";

/**
 * Everything worth knowing about a manifest beyond its grammar, gravest first, then in the order of the text.
 *
 * An error keeps it from being published: what it says could not be enforced, or cannot be what was meant.
 */
export function lintManifest(
  manifest: Manifest,
  catalogue: LintInput["catalogue"],
  agent: LintedAgent,
  validators: Validators = createValidators(),
): readonly LintFinding[] {
  const input: LintInput = { manifest, catalogue, agent, validators };
  const findings = [
    ...lintAgent(input),
    ...lintNames(input),
    ...manifest.tools.allowed.flatMap((entry, index) => [
      ...lintTool(input, entry, index),
      ...lintArguments(input, entry, `/tools/allowed/${index}`),
    ]),
    ...lintSources(input),
    ...lintBounds(input),
    ...lintApproval(input),
  ];
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** The findings with their places in the text they were found in. */
export function placedFindings(findings: readonly LintFinding[], text: string): readonly LintFinding[] {
  const locate = locator(text);
  return findings.map((finding) => ({ ...finding, ...locate(finding.path) }));
}

function lintAgent({ manifest, agent }: LintInput): LintFinding[] {
  const findings: LintFinding[] = [];
  if (manifest.agent.id !== agent.handle) {
    const message = `The manifest is for \`${manifest.agent.id}\`, and this agent is \`${agent.handle}\`.`;
    findings.push(
      error("agent_id_mismatch", "/agent/id", message, `Write \`${agent.handle}\`, or publish it for the other agent.`),
    );
  }
  const level = manifest.autonomy?.level;
  if (level !== undefined && level !== agent.level) {
    const message = `The manifest says level ${level}; the agent is at level ${agent.level}, which is what counts.`;
    findings.push(warning("level_differs", "/autonomy/level", message, "Change the agent's level, or this line."));
  }
  for (const key of ["promote", "demote"] as const) {
    const criteria = manifest.autonomy?.[key]?.criteria;
    if (criteria === undefined || Object.values(criteria).some((wanted) => wanted !== undefined)) continue;
    const message = `\`${key}\` asks for nothing, so ${key === "promote" ? "any agent has earned it" : "it never applies"}.`;
    findings.push(
      warning("no_criteria", `/autonomy/${key}/criteria`, message, "Say what must be shown, such as `min_success`."),
    );
  }
  if (manifest.tools.allowed.length === 0) {
    findings.push(
      warning(
        "nothing_allowed",
        "/tools/allowed",
        "No tool is allowed, so every call is denied.",
        "List the tools it needs.",
      ),
    );
  }
  if (manifest.tests === undefined || manifest.tests.length === 0) {
    findings.push(
      hint(
        "no_tests",
        "/tests",
        "No case is pinned, so nothing notices an unmeant change.",
        "Pin a call that must pass and one that must not.",
      ),
    );
  }
  return findings;
}

function lintBounds({ manifest: { execution } }: LintInput): LintFinding[] {
  const findings: LintFinding[] = [];
  if (execution?.max_steps === undefined) {
    const message = "A run may make any number of calls.";
    findings.push(warning("no_max_steps", "/execution", message, "Set `execution.max_steps`."));
  }
  if (execution?.max_cost_usd === undefined) {
    findings.push(info("no_max_cost", "/execution", "A run may cost any amount.", "Set `execution.max_cost_usd`."));
  }
  if (execution?.max_wall_clock_seconds === undefined) {
    findings.push(
      info("no_max_wall_clock", "/execution", "A run may take any time.", "Set `execution.max_wall_clock_seconds`."),
    );
  }
  if (execution?.loop === undefined) {
    findings.push(
      info("no_loop", "/execution", "A run may repeat one call without end.", "Set `execution.loop` to stop it."),
    );
  }
  if (execution?.max_cost_usd === 0) {
    findings.push(
      warning(
        "no_budget",
        "/execution/max_cost_usd",
        "With a budget of nothing every run halts at once.",
        "Set an amount.",
      ),
    );
  }
  return [...findings, ...lintDefaults(execution)];
}

/** Defaults under which no call could run that does not say what it may spend, and defaults that nothing is held against. */
function lintDefaults(execution: LintInput["manifest"]["execution"]): LintFinding[] {
  const {
    default_estimate_usd: usd,
    default_estimate_tokens: tokens,
    max_cost_usd: run,
    daily_cost_usd: day,
    daily_tokens: dayTokens,
  } = execution ?? {};
  return [
    ...lintDefault("default_estimate_usd", usd, [run, day]),
    ...lintDefault("default_estimate_tokens", tokens, [dayTokens]),
  ];
}

function lintDefault(key: string, amount: number | undefined, limits: readonly (number | undefined)[]): LintFinding[] {
  if (amount === undefined) return [];
  const path = `/execution/${key}`;
  if (limits.every((limit) => limit === undefined))
    return [
      warning("default_unused", path, `Nothing bounds what \`${key}\` is held against.`, "Set a limit, or remove it."),
    ];
  if (!limits.some((limit) => limit !== undefined && amount > limit)) return [];
  const message =
    "A call that does not say what it may spend halts its run at once: the default is more than the limit.";
  return [warning("default_over_limit", path, message, "Lower the default.")];
}

function lintApproval({ manifest: { approval, risk } }: LintInput): LintFinding[] {
  const findings: LintFinding[] = [];
  if (approval?.separation_of_duties === false) {
    const message = "The person responsible for the agent may approve its calls.";
    findings.push(warning("no_separation_of_duties", "/approval/separation_of_duties", message, "Remove the line."));
  }
  if (approval?.auto_deny_on_timeout === false) {
    findings.push(neverRuns("/approval/auto_deny_on_timeout"));
  }
  if (risk?.require_approval_at === 0) {
    const message = "Every call must be approved, whatever it is.";
    findings.push(
      info("approves_everything", "/risk/require_approval_at", message, "Raise the threshold if that is not meant."),
    );
  }
  return findings;
}
