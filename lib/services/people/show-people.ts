import "server-only";

import { DUTIES, dutiesOf, type Duty, rolesFor } from "@/lib/core/people/duties";
import { type PersonView, personViews } from "@/lib/core/people/view";
import { findPeopleFacts, listAble, listActing } from "@/lib/data/people";

import { requireMember, type ServiceContext } from "../context";

/** Everybody of the workspace, beside whom each counts as a second person, and what two people can do today. */
export type People = {
  readonly people: readonly PersonView[];
  readonly duties: readonly Duty[];
  readonly coolingOffHours: number;
};

export async function showPeople(ctx: ServiceContext): Promise<People> {
  const { memberId } = requireMember(ctx);
  const { db, workspaceId } = ctx;
  const [members, looking, duties, facts] = await Promise.all([
    listActing(db, workspaceId),
    listActing(db, workspaceId, [memberId]),
    listDuties(ctx),
    findPeopleFacts(db, workspaceId, null),
  ]);
  return { people: personViews(members, looking[0], facts), duties, coolingOffHours: facts.coolingOffHours };
}

/** What two people can and cannot do today, counted among everybody, for the screens that need two. */
export async function listDuties(ctx: ServiceContext): Promise<readonly Duty[]> {
  requireMember(ctx);
  const { db, workspaceId } = ctx;
  const roles = [...new Set(DUTIES.flatMap(rolesFor))];
  const [able, facts] = await Promise.all([listAble(db, workspaceId, roles), findPeopleFacts(db, workspaceId, null)]);
  return dutiesOf(able, facts);
}
