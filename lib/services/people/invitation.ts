import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { paths } from "@/lib/core/shared/paths";
import type { Tx } from "@/lib/data/db";
import { closeInvitationsOf, insertInvitation } from "@/lib/data/invitations";
import { env } from "@/lib/platform/env";
import { makeSecret } from "@/lib/platform/secret";

/** For so long a link can be used. */
const DAYS = 7;

/** A link with which its holder sets up one account. The code is nowhere else: only its hash is kept. */
export type NewLink = {
  readonly id: string;
  readonly code: string;
  readonly url: string;
  readonly expiresAt: Date;
};

/**
 * Makes a member's link, in place of those they had. The installation's own stay: several servers may start at once, and
 * each of them shows one.
 *
 * @param by who invites; null for the installation
 */
export async function makeLink(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  by: MemberId | null,
): Promise<NewLink> {
  const { secret: code, hash } = makeSecret("ili_");
  const id = uuidv7();
  if (by !== null) await closeInvitationsOf(tx, workspaceId, memberId);
  const expiresAt = await insertInvitation(tx, workspaceId, { id, memberId, by, hash, days: DAYS });
  return { id, code, url: new URL(paths.invitation(code), env.PUBLIC_URL).href, expiresAt };
}
