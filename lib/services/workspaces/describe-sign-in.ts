import "server-only";

import { listWorkspaceIds } from "@/lib/data/access";
import { workspaceDb } from "@/lib/data/db";
import { findWorkspace } from "@/lib/data/workspaces";

/** What the sign-in page may tell a stranger: only whether everything here is a demo. */
export async function describeSignIn(): Promise<{ readonly demo: boolean }> {
  const ids = await listWorkspaceIds();
  const [id] = ids;
  if (!id || ids.length > 1) return { demo: false };
  const workspace = await findWorkspace(workspaceDb(id), id);
  return { demo: workspace?.demo ?? false };
}
