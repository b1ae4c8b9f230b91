import type { CompiledTool } from "@/lib/core/manifests/compile-tool";
import { type CompiledFreeze, isFrozen } from "@/lib/core/manifests/freeze";
import { isInside } from "@/lib/core/manifests/window";

import { columnOf } from "./level";
import { finding, PASS } from "./results";
import type { CheckResult, Facts, Reason } from "./schema";

/** Check 4: where and when every entry about the tool lets it run, and no freeze holds. */
export function checkEnvironment(tool: CompiledTool, { agent, now }: Facts): CheckResult {
  for (const { rule, path, environments, windows } of tool.places) {
    if (environments !== null && !environments.has(agent.environment)) {
      const where = environments.size > 0 ? [...environments].join(", ") : "no environment";
      const message = `\`${tool.name}\` may run in ${where}; this agent runs in ${agent.environment}.`;
      const reason = { code: "environment_not_allowed", message, path: `${path}/environments` };
      return finding("environment", "deny", `${rule}.environments`, reason);
    }
    if (windows.length > 0 && !windows.some((window) => isInside(window, now))) {
      const message = `\`${tool.name}\` may run only ${windows.map((window) => window.text).join("; ")}.`;
      const reason = { code: "outside_window", message, path: `${path}/windows` };
      return finding("environment", "deny", `${rule}.windows`, reason);
    }
  }
  if (tool.freezes.length === 0) return PASS.environment;
  const [frozen] = frozenBy(tool, { agent, now }, "deny");
  if (frozen !== undefined) return finding("environment", "deny", frozen.rule, freezeReason(tool, frozen));
  return PASS.environment;
}

/**
 * The freezes that hold for this call now. One that asks for a person is counted among what needs approval, so that it
 * cannot cover what a later check refuses.
 */
export function frozenBy(
  tool: CompiledTool,
  { agent, now }: Pick<Facts, "agent" | "now">,
  decide: CompiledFreeze["decide"],
): readonly CompiledFreeze[] {
  if (tool.freezes.length === 0) return tool.freezes;
  const isRead = columnOf(tool.reversibility, tool.blastRadius) === "read";
  return tool.freezes.filter(
    (freeze) => freeze.decide === decide && !(isRead && freeze.exceptReads) && isFrozen(freeze, agent.environment, now),
  );
}

/** What a freeze says to a call. */
export function freezeReason(tool: CompiledTool, { name, until, decide, path }: CompiledFreeze): Reason {
  const asked = decide === "deny" ? "does not run" : "needs a person's approval";
  return { code: "code_freeze", message: `“${name}” holds until ${until}: \`${tool.name}\` ${asked}.`, path };
}
