import "server-only";

import { transact } from "@/lib/data/db";
import { listNotSetUp } from "@/lib/data/invitations";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { makeLink } from "./invitation";

/** The link with which a person set up with the installation sets up their account. */
export type SetUpLink = { readonly email: string; readonly url: string };

/** New links for people of the installation who have not used theirs: the operator sees them at each start until they have. */
export async function renewSetUpLinks(ctx: ServiceContext): Promise<readonly SetUpLink[]> {
  requireSystem(ctx);
  return transact(ctx.db, async (tx) => {
    const links: SetUpLink[] = [];
    for (const { id, email } of await listNotSetUp(tx, ctx.workspaceId)) {
      const link = await makeLink(tx, ctx.workspaceId, id, null);
      await record(tx, ctx, "member.set_up_link", { member: id, invitation: link.id });
      links.push({ email, url: link.url });
    }
    return links;
  });
}
