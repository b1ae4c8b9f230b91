import "server-only";

import { listWorkspaceIds } from "@/lib/data/access";

/** Opens the first connection before traffic arrives; a database that is away is no reason not to start. */
export async function warmUp(): Promise<void> {
  await listWorkspaceIds().catch(() => undefined);
}
