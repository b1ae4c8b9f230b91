import type { WorkspaceSettings } from "@/lib/core/workspaces/settings";

import type { GateRules } from "./gate";

/** What a workspace's settings add to the cost of an answer. */
export function rulesOf(
  settings: Pick<WorkspaceSettings, "step_up_high" | "undo_seconds" | "high_by_token">,
): GateRules {
  return { stepUpHigh: settings.step_up_high, undoSeconds: settings.undo_seconds, highByToken: settings.high_by_token };
}
