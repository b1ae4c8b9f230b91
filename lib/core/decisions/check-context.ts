import type { ContextFault } from "@/lib/core/context/fault";
import { memoryFaults, scratchpadCallFault } from "@/lib/core/context/memory";
import { sourceFaults } from "@/lib/core/context/source-faults";
import { subjectFault } from "@/lib/core/context/subject";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import type { CompiledTool } from "@/lib/core/manifests/compile-tool";

import { PASS } from "./results";
import type { Call, CheckResult, Facts } from "./schema";

/**
 * Check 7: every source the tool needs is declared, fresh, in scope, in agreement with the one it is held against and
 * not implausibly far from what it said last; all of them and the arguments speak of one subject; and memory is used
 * within its rules.
 *
 * Every entry of a needed source must hold: two records of which one is stale are stale context. Entries of sources the
 * tool does not need say nothing, except those of memory.
 */
export function checkContext(
  { memory }: CompiledManifest,
  tool: CompiledTool,
  { call, facts }: { readonly call: Call; readonly facts: Facts },
): CheckResult {
  if (tool.sources.length === 0 && memory.length === 0) return PASS.context;
  const { now, readings } = facts;
  const found: ContextFault[] = [];
  for (const source of tool.sources) found.push(...sourceFaults(source, { context: call.context, now, readings }));
  const subject = tool.sources.length === 0 ? null : subjectFault(tool.neededSources, call);
  if (subject !== null) found.push(subject);
  const user = { session_id: call.session_id, run_id: call.run_id };
  for (const { rules, place } of memory) {
    const said = memoryFaults(rules, { context: call.context, user, now });
    const scratchpad = scratchpadCallFault(rules, call) ?? [];
    found.push(...[said, scratchpad].flat().map((fault) => ({ ...fault, rule: place.rule + fault.rule })));
  }
  const [first] = found;
  if (first === undefined) return PASS.context;
  return { check: "context", verdict: "deny", rule: first.rule, reasons: found.map(({ reason }) => reason) };
}

/** The oldest needed source's age as a share of what it may be; null when the tool needs none that ages. */
export function contextAge(tool: CompiledTool, call: Call, now: Date): number | null {
  let oldest: number | null = null;
  for (const source of tool.sources) {
    if (source.ttlMs === null) continue;
    for (const given of call.context) {
      if (given.source !== source.name) continue;
      const share = (now.getTime() - Date.parse(given.as_of)) / source.ttlMs;
      if (oldest === null || share > oldest) oldest = share;
    }
  }
  return oldest;
}
