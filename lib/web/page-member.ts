import "server-only";

import { requireMember, type MemberActor, type ServiceContext } from "@/lib/services/context";

import { pageContext } from "./session";

/** The context of a page and the person it is for: what a page needs to know before it offers a button. */
export async function pageMember(): Promise<{ readonly ctx: ServiceContext; readonly member: MemberActor }> {
  const ctx = await pageContext();
  return { ctx, member: requireMember(ctx) };
}
