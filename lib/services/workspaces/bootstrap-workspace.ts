import "server-only";

import { createHash, randomBytes } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import { ROLES } from "@/lib/core/workspaces/roles";
import { transact, type Tx } from "@/lib/data/db";
import { insertMember, insertToken } from "@/lib/data/members";
import { insertWorkspace } from "@/lib/data/workspaces";
import { hashPassword } from "@/lib/platform/password";
import { hashSecret, makeSecret } from "@/lib/platform/secret";

import { requireSystem, type ServiceContext } from "../context";
import { beginKey } from "../ledger/begin-key";
import { record } from "../ledger/record";
import { makeLink } from "../people/invitation";
import type { SetUpLink } from "../people/renew-set-up-links";

export type BootstrapInput = {
  readonly email: string;
  readonly password: string | null;
  readonly token: string | null;
  readonly demo: boolean;
  /** The address of a second person; null for one alone. */
  readonly second: string | null;
  readonly coolingOffHours: number;
};

/**
 * The first account. `password` is null when the operator chose it: only what we made up needs to be shown. `links` are
 * those of two people, with which each sets up their own account.
 */
export type FirstAccount = {
  readonly workspaceId: WorkspaceId;
  readonly memberId: MemberId;
  readonly email: string;
  readonly password: string | null;
  readonly token: string;
  readonly links: readonly SetUpLink[];
};

/**
 * Makes the first workspace and its first administrator, who holds every role, with a personal token; and, where a
 * second address is named, a second administrator. Nobody but they themselves ever gets to know a secret of the second.
 */
export async function bootstrapWorkspace(ctx: ServiceContext, input: BootstrapInput): Promise<FirstAccount> {
  requireSystem(ctx);
  const memberId = MemberId.parse(uuidv7());
  const made = input.second === null ? randomBytes(12).toString("base64url") : null;
  const password = input.password ?? made;
  const token = input.token ?? makeSecret("ilp_").secret;
  const passwordHash = password === null ? null : await hashPassword(password);
  const emptyRoot = createHash("sha256").digest("hex"); // RFC 6962: the root of no leaves is the hash of nothing

  const links = await transact(ctx.db, async (tx) => {
    await insertWorkspace(tx, ctx.workspaceId, {
      slug: `w-${ctx.workspaceId.slice(-12)}`,
      name: input.demo ? "Demo workspace" : "Workspace",
      demo: input.demo,
      coolingOffHours: input.coolingOffHours,
      emptyRoot,
    });
    await insertMember(tx, ctx.workspaceId, {
      id: memberId,
      email: input.email,
      name: nameOf(input.email),
      roles: ROLES,
      passwordHash,
      origin: "installation",
      joined: true,
    });
    await insertToken(tx, ctx.workspaceId, {
      id: uuidv7(),
      memberId,
      name: "first token",
      hash: hashSecret(token),
      hint: token.slice(-4),
      days: 365,
    });
    await record(tx, ctx, "workspace.create", {
      member: memberId,
      email: input.email,
      roles: [...ROLES],
      demo: input.demo,
      cooling_off_hours: String(input.coolingOffHours),
    });
    await record(tx, ctx, "ledger.rotate", await beginKey(tx, ctx, null));
    const own = password === null ? [await linkOf(tx, ctx, memberId, input.email)] : [];
    return input.second === null ? own : [...own, await addSecond(tx, ctx, input.second)];
  });
  return {
    workspaceId: ctx.workspaceId,
    memberId,
    email: input.email,
    password: input.password === null ? password : null,
    token,
    links,
  };
}

/** Another administrator with every role, as independent of the first as two people who installed it together. */
async function addSecond(tx: Tx, ctx: ServiceContext, email: string): Promise<SetUpLink> {
  const id = MemberId.parse(uuidv7());
  const member = { id, email, name: nameOf(email), roles: ROLES, passwordHash: null } as const;
  if (!(await insertMember(tx, ctx.workspaceId, { ...member, origin: "installation", joined: false })))
    throw new Error("The two people of the installation need two e-mail addresses.");
  return linkOf(tx, ctx, id, email);
}

async function linkOf(tx: Tx, ctx: ServiceContext, id: MemberId, email: string): Promise<SetUpLink> {
  const link = await makeLink(tx, ctx.workspaceId, id, null);
  await record(tx, ctx, "member.set_up_link", { member: id, email, roles: [...ROLES], invitation: link.id });
  return { email, url: link.url };
}

function nameOf(email: string): string {
  const local = email.split("@", 1)[0] ?? email;
  return local.charAt(0).toUpperCase() + local.slice(1);
}
