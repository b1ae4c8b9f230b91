import "server-only";

import { v7 as uuidv7 } from "uuid";

import { EmailAddress } from "@/lib/core/shared/names";
import { databaseNow } from "@/lib/data/clock";
import { workspaceDb } from "@/lib/data/db";
import { findSignInCandidates } from "@/lib/data/sign-ins";
import type { SessionClaims } from "@/lib/platform/session-token";

import { verifyPerson } from "../people/verify-person";
import { openSession } from "./open-session";

/**
 * Signs in the member whose address an identity provider has verified. Nobody becomes a member by signing in; an invited
 * person joins by it.
 *
 * @returns null when no active member has this address, or when several workspaces have one and the choice is not ours
 */
export async function signInVerified(email: string): Promise<SessionClaims | null> {
  const address = EmailAddress.safeParse(email);
  if (!address.success) return null;
  const candidates = await findSignInCandidates(address.data);
  const [member] = candidates;
  if (!member || candidates.length > 1) return null;
  const { workspaceId, memberId } = member;
  const actor = { kind: "member", memberId, roles: [], via: "screen" } as const;
  const ctx = { workspaceId, actor, requestId: uuidv7(), now: databaseNow(), db: workspaceDb(workspaceId) };
  await verifyPerson(ctx);
  return openSession(ctx, "oidc");
}
