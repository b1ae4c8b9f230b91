import { MINUTE_MS } from "@/lib/core/shared/time";
import { log } from "@/lib/platform/log";
import { demoteAgents } from "@/lib/services/agents/demote-agents";

import { defineJob } from "../define";

/** Takes a level from agents that no longer meet what their manifests ask of them. */
export const demoteAgentsJob = defineJob({
  name: "agents.demote",
  schedule: "*/5 * * * *",
  attempts: 1,
  timeoutMs: 4 * MINUTE_MS,
  async handle(ctx) {
    await ctx.forEachWorkspace(async (workspace) => {
      const { demoted } = await demoteAgents(workspace, ctx.signal);
      if (demoted > 0) log.info({ workspaceId: workspace.workspaceId, demoted }, "agents lost a level");
    });
  },
});
