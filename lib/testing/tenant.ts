import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import type { Role } from "@/lib/core/workspaces/schema";
import { transact, workspaceDb } from "@/lib/data/db";
import { insertMember } from "@/lib/data/members";
import { insertWorkspace } from "@/lib/data/workspaces";
import type { MemberActor, ServiceContext } from "@/lib/services/context";

const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** A person of a test's workspace, ready to ask. */
export type Person = ServiceContext & { readonly actor: MemberActor; readonly email: string };

/** A workspace nobody else has, so that tests of one database never meet. */
export type Tenant = {
  readonly workspaceId: WorkspaceId;
  readonly system: ServiceContext;
  /** A new member with these roles, asking now: as independent of all others as if all had set the workspace up. */
  person(...roles: Role[]): Promise<Person>;
};

/** @param coolingOffHours how long people count as one who depend on each other; the default of the product */
export async function givenTenant({ coolingOffHours = 72 } = {}): Promise<Tenant> {
  const workspaceId = WorkspaceId.parse(uuidv7());
  const db = workspaceDb(workspaceId);
  const slug = `test-${randomUUID()}`;
  await transact(db, (tx) =>
    insertWorkspace(tx, workspaceId, { slug, name: "Test", demo: false, coolingOffHours, emptyRoot: EMPTY_ROOT }),
  );
  const asking = { workspaceId, requestId: "test", now: new Date(), db };
  return {
    workspaceId,
    system: { ...asking, actor: { kind: "system", job: "test" } },
    async person(...roles) {
      const memberId = MemberId.parse(uuidv7());
      const email = `${roles[0] ?? "nobody"}-${randomUUID().slice(0, 8)}@example.com`;
      const name = `Test ${roles.join(" ")}`;
      const from = { origin: "installation", joined: true } as const;
      const member = { id: memberId, email, name, roles, passwordHash: null, ...from };
      await transact(db, (tx) => insertMember(tx, workspaceId, member));
      return { ...asking, email, actor: { kind: "member", memberId, roles, via: "token" } };
    },
  };
}
