import "server-only";

import { listWorkspaceIds } from "@/lib/data/access";

import { decisionsReady } from "../decisions/decision-batches";

/** Opens connections before traffic arrives; a database that is away is no reason not to start. */
export async function warmUp(): Promise<void> {
  await Promise.all([listWorkspaceIds().catch(() => undefined), decisionsReady()]);
}
