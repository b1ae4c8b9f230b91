import { type CallReading, NOTHING_READ, readCall } from "@/lib/core/commands/read-call";
import { shown } from "@/lib/core/manifests/argument-rule";
import { blockedBy } from "@/lib/core/manifests/blocked";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { changing, type CompiledTool, destructive } from "@/lib/core/manifests/compile-tool";
import { skeletonOf } from "@/lib/core/shared/skeleton";

import type { RiskWeights } from "./risk-weights";
import { finding, PASS } from "./results";
import type { Call, CheckResult } from "./schema";

/** A tool's name as the call gives it, and what is known of it. */
export type NamedTool = {
  readonly name: string;
  readonly tool: CompiledTool | undefined;
  /** Only computed for a name that is neither allowed nor blocked as it is written. */
  readonly skeleton: string;
  /** What its arguments hold; nothing for a tool the agent may not use. */
  readonly reading: CallReading;
};

/**
 * The tool a call names, as this call uses it: a command or statement that destroys or is not known makes any tool
 * irreversible with high blast radius, and one that the manifest names is never a read; for this call only.
 */
export function namedTool(compiled: CompiledManifest, call: Call): NamedTool {
  const name = call.tool;
  const known = compiled.tools.get(name);
  const reading = known === undefined ? NOTHING_READ : readCall(call, known.content.hints, known.content.terms);
  const tool = known === undefined ? undefined : usedFor(known, reading, compiled.riskWeights);
  const isKnown = tool !== undefined || compiled.blocked.results.has(name);
  return { name, tool, skeleton: isKnown ? "" : skeletonOf(name), reading };
}

function usedFor(tool: CompiledTool, { harm, why }: CallReading, weights: RiskWeights): CompiledTool {
  if (harm === "harmless") return tool;
  return why === null ? changing(tool, weights) : destructive(tool, why, weights);
}

/** Check 2: not blocked, by name, by pattern or by looks. Names the manifest writes were looked up on compiling. */
export function checkBlocked(compiled: CompiledManifest, { name, tool, skeleton }: NamedTool): CheckResult {
  if (tool !== undefined) return tool.blocked;
  return compiled.blocked.results.get(name) ?? blockedBy(compiled.blocked, name, skeleton) ?? PASS.blocked;
}

/** Check 3: allowed, by exactly these bytes, and not quarantined; and the manifest is one this version can enforce. */
export function checkAllowed(compiled: CompiledManifest, { name, tool, skeleton }: NamedTool): CheckResult {
  if (compiled.unreadable !== null) return compiled.unreadable;
  if (tool === undefined) {
    // Only a look-alike is named: guessing further would teach a caller what it may use.
    const meant = compiled.skeletons.get(skeleton);
    const hint = meant === undefined ? "" : ` It looks like \`${meant}\` but is another name.`;
    const message = `\`${shown(name)}\` is not among the tools this agent may use.${hint}`;
    return finding("allowed", "deny", null, { code: "unknown_tool", message, path: "/tools/allowed" });
  }
  if (tool.definition.status === "active") return PASS.allowed;
  const message = `\`${shown(name)}\` is quarantined until a person accepts its definition.`;
  return finding("allowed", "deny", "catalogue.status", { code: "tool_quarantined", message, path: tool.path });
}
