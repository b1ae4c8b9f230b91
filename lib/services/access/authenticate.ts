import "server-only";

import { createHash, randomUUID } from "node:crypto";

import { AppError } from "@/lib/core/shared/errors";
import { type CredentialHolder, findCredentialHolder, findTokenHolder } from "@/lib/data/access";
import { workspaceDb } from "@/lib/data/db";
import { findInvitation } from "@/lib/data/invitations";
import { singleFlight } from "@/lib/platform/single-flight";

import type { ServiceContext } from "../context";

const AGENT_KEY = /^ilk_[A-Za-z0-9_-]{20,200}$/;
// Ours begin with ilp_; the token an operator chose for the first administrator may be any.
const PERSONAL_TOKEN = /^(?!il[ki]_)[\x21-\x7e]{20,300}$/;
const INVITATION = /^ili_[A-Za-z0-9_-]{20,200}$/;
const MAX_KNOWN = 10_000;

// Positive answers only, and only for deciding: the commit checks the credential's row again under the workspace lock,
// so a revoked key that is still known here cannot get an answer.
const known = new Map<string, CredentialHolder>();

/** A burst with a key that is new here asks the database once. */
const findHolder = singleFlight((name: string) => findCredentialHolder(new Uint8Array(Buffer.from(name, "hex"))));

/**
 * The context of whoever holds this bearer secret.
 *
 * @param trusted whether a remembered agent key will do, because the operation checks the credential itself
 * @throws {AppError} `unauthenticated` for anything but a live agent key or personal token
 */
export async function authenticate(secret: string, trusted: boolean): Promise<ServiceContext> {
  if (AGENT_KEY.test(secret)) return agentContext(secret, trusted);
  if (PERSONAL_TOKEN.test(secret)) return memberContext(secret);
  throw refusal();
}

async function agentContext(secret: string, trusted: boolean): Promise<ServiceContext> {
  const hash = sha256(secret);
  const name = hash.toString("hex");
  const remembered = trusted ? known.get(name) : undefined;
  const holder = remembered ?? (await findHolder(name));
  if (!holder) {
    known.delete(name);
    throw refusal();
  }
  if (!remembered) {
    known.set(name, holder);
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? name);
  }
  const { workspaceId, agentId, credentialId, scopes } = holder;
  return {
    workspaceId,
    actor: { kind: "agent", agentId, credentialId, scopes },
    requestId: randomUUID(),
    now: new Date(),
    db: workspaceDb(workspaceId),
  };
}

async function memberContext(secret: string): Promise<ServiceContext> {
  const holder = await findTokenHolder(new Uint8Array(sha256(secret)));
  if (!holder) throw refusal();
  const { workspaceId, memberId, roles } = holder;
  return {
    workspaceId,
    actor: { kind: "member", memberId, roles, via: "token" },
    requestId: randomUUID(),
    now: new Date(),
    db: workspaceDb(workspaceId),
  };
}

/** An invited person, and the invitation whose code they hold. */
export type InvitedContext = ServiceContext & { readonly invitationId: string };

/**
 * The context of an invited person, who has nothing but the code of their invitation: they may use it, and nothing else.
 *
 * @throws {AppError} `not_found` for a code that is unknown, used, replaced or expired
 */
export async function authenticateInvited(code: string): Promise<InvitedContext> {
  const holder = INVITATION.test(code) ? await findInvitation(new Uint8Array(sha256(code))) : null;
  if (!holder) throw new AppError("not_found", INVITATION_OVER, { reason: "invitation_over" });
  const { workspaceId, memberId, invitationId } = holder;
  return {
    workspaceId,
    actor: { kind: "member", memberId, roles: [], via: "screen" },
    requestId: randomUUID(),
    now: new Date(),
    db: workspaceDb(workspaceId),
    invitationId,
  };
}

const INVITATION_OVER =
  "This invitation is unknown, has been used or has expired. Ask the person who invited you for a new link.";

// A secret of 256 random bits needs no slow hash, and a look-up by hash has no timing to learn from.
const sha256 = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();

const refusal = () => new AppError("unauthenticated", "The bearer token is missing, unknown, revoked or expired.");
