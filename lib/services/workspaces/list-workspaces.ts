import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { listWorkspaceIds } from "@/lib/data/access";

/** Every workspace there is, for jobs that visit each. */
export function listWorkspaces(): Promise<readonly WorkspaceId[]> {
  return listWorkspaceIds();
}
