import type { Reversibility } from "@/lib/core/tools/schema";

import { finding, frozenResult, PASS } from "./results";
import type { CheckResult, Facts } from "./schema";

const STOPPED = frozenResult({
  check: "control",
  verdict: "halt",
  rule: "workspace.stop",
  reasons: [
    {
      code: "workspace_stopped",
      message: "The workspace is stopped; nothing runs until a person resumes it.",
      path: "",
    },
  ],
});

const RECOVERING = frozenResult({
  check: "control",
  verdict: "deny",
  rule: "workspace.recovery",
  reasons: [
    {
      code: "recovering",
      message: "The workspace comes back from a stop; only tools that read may run until a person confirms it.",
      path: "",
    },
  ],
});

/**
 * Check 1: the workspace runs and the agent is active. Whatever is not certainly so refuses.
 *
 * `reversibility` is the called tool's class as the manifest has it; a tool it does not know is not known to read.
 */
export function checkControl({ workspace, agent }: Facts, reversibility: Reversibility | undefined): CheckResult {
  if (workspace.stopped !== false) return STOPPED;
  if (agent.status !== "active") {
    const message = `The agent \`${agent.handle}\` is ${agent.status}, not active.`;
    return finding("control", "deny", "agent.status", { code: "agent_not_active", message, path: "" });
  }
  return workspace.readsOnly === false || reversibility === "read" ? PASS.control : RECOVERING;
}

/** What every call is told while nothing is published: enforcing nothing is impossible. */
export const NO_ACTIVE_MANIFEST = frozenResult({
  check: "allowed",
  verdict: "deny",
  rule: null,
  reasons: [
    {
      code: "no_active_manifest",
      message: "The agent has no published manifest, so nothing is allowed; publish one.",
      path: "",
    },
  ],
});
