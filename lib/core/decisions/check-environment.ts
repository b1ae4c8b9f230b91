import type { CompiledTool } from "@/lib/core/manifests/compile-tool";
import { isInside } from "@/lib/core/manifests/window";

import { finding, PASS } from "./results";
import type { CheckResult, Facts } from "./schema";

/** Check 4: where and when every entry about the tool lets it run. */
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
  return PASS.environment;
}
