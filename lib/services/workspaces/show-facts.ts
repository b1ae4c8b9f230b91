import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { WorkspaceFacts } from "@/lib/core/workspaces/facts";
import { findServerVersion, findWorkspace } from "@/lib/data/workspaces";
import { VERSION } from "@/lib/platform/version";

import { requireMember, type ServiceContext } from "../context";

/** The workspace and the versions it runs on. */
export async function showFacts(ctx: ServiceContext): Promise<WorkspaceFacts> {
  requireMember(ctx);
  const [workspace, postgres] = await Promise.all([findWorkspace(ctx.db, ctx.workspaceId), findServerVersion(ctx.db)]);
  if (!workspace) throw new AppError("not_found", "There is no such workspace.");
  const { name, demo, createdAt } = workspace;
  return { name, demo, createdAt, version: VERSION, node: process.versions.node, postgres };
}
