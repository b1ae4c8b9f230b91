import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { databaseNow } from "@/lib/data/clock";
import { workspaceDb } from "@/lib/data/db";
import { findSignedInRoles } from "@/lib/data/sign-ins";
import type { SessionClaims } from "@/lib/platform/session-token";

import type { ServiceContext } from "../context";

/**
 * The person whose browser holds this session, as they are now: the cookie names a sign-in and proves nothing more.
 *
 * Null when the sign-in was ended or has expired, or the member was disabled. Roles are read from the database at each
 * request, so taking one away works at once.
 */
export async function resumeSession(claims: SessionClaims): Promise<ServiceContext | null> {
  const workspaceId = WorkspaceId.parse(claims.workspaceId);
  const memberId = MemberId.parse(claims.memberId);
  const db = workspaceDb(workspaceId);
  const roles = await findSignedInRoles(db, workspaceId, { signInId: claims.signInId, memberId });
  if (!roles) return null;
  return {
    workspaceId,
    actor: { kind: "member", memberId, roles, via: "screen" },
    requestId: uuidv7(),
    now: databaseNow(),
    db,
  };
}
