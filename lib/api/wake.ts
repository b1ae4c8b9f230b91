import type { WorkspaceId } from "@/lib/core/shared/brand";
import { followEvents } from "@/lib/services/events/tail";

/** Resolves at the next change in the workspace, after `ms`, or when the client goes away, whichever comes first. */
export function nextChange(workspaceId: WorkspaceId, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      unfollow();
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
    const unfollow = followEvents(workspaceId, finish);
  });
}
