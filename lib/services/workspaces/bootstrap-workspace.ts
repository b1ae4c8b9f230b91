import "server-only";

import { createHash, randomBytes } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import { ROLES } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { insertMember, insertToken } from "@/lib/data/members";
import { insertWorkspace } from "@/lib/data/workspaces";
import { hashPassword } from "@/lib/platform/password";
import { hashSecret, makeSecret } from "@/lib/platform/secret";

import { requireSystem, type ServiceContext } from "../context";
import { beginKey } from "../ledger/begin-key";
import { record } from "../ledger/record";

export type BootstrapInput = {
  readonly email: string;
  readonly password: string | null;
  readonly token: string | null;
  readonly demo: boolean;
};

/** The first account. `password` is null when the operator chose it: only what we made up needs to be shown. */
export type FirstAccount = {
  readonly workspaceId: WorkspaceId;
  readonly memberId: MemberId;
  readonly email: string;
  readonly password: string | null;
  readonly token: string;
};

/** Makes the first workspace and its first administrator, who holds every role, with a personal token. */
export async function bootstrapWorkspace(ctx: ServiceContext, input: BootstrapInput): Promise<FirstAccount> {
  requireSystem(ctx);
  const memberId = MemberId.parse(uuidv7());
  const password = input.password ?? randomBytes(12).toString("base64url");
  const token = input.token ?? makeSecret("ilp_").secret;
  const passwordHash = await hashPassword(password);
  const emptyRoot = createHash("sha256").digest("hex"); // RFC 6962: the root of no leaves is the hash of nothing

  await transact(ctx.db, async (tx) => {
    await insertWorkspace(tx, ctx.workspaceId, {
      slug: `w-${ctx.workspaceId.slice(-12)}`,
      name: input.demo ? "Demo workspace" : "Workspace",
      demo: input.demo,
      emptyRoot,
    });
    await insertMember(tx, ctx.workspaceId, {
      id: memberId,
      email: input.email,
      name: nameOf(input.email),
      roles: ROLES,
      passwordHash,
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
    });
    await record(tx, ctx, "ledger.rotate", await beginKey(tx, ctx, null));
  });
  return {
    workspaceId: ctx.workspaceId,
    memberId,
    email: input.email,
    password: input.password === null ? password : null,
    token,
  };
}

function nameOf(email: string): string {
  const local = email.split("@", 1)[0] ?? email;
  return local.charAt(0).toUpperCase() + local.slice(1);
}
