import "server-only";

import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";

import type { Db } from "./db";

const Successor = z.object({
  id: z.uuid(),
  display: z.custom<JsonObject>((value) => typeof value === "object" && value !== null),
});

/** The request that took the place of another, with what its reviewers are shown; null when none did. */
export async function findSuccessor(
  on: Db,
  workspaceId: WorkspaceId,
  approvalId: string,
): Promise<z.infer<typeof Successor> | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT n.id, n.display FROM approvals a JOIN approvals n
      ON n.workspace_id = a.workspace_id AND n.id = a.superseded_by
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${approvalId}::uuid`;
  return rows[0] === undefined ? null : Successor.parse(rows[0]);
}
