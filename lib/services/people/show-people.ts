import "server-only";

import { DUTIES, dutiesOf, type Duty, rolesFor } from "@/lib/core/people/duties";
import { pageOfPeople, type PeopleQuery, type PersonView, personViews } from "@/lib/core/people/view";
import { findPeopleFacts, listAble, listActing } from "@/lib/data/people";

import { requireMember, type ServiceContext } from "../context";

/** People of the workspace, beside whom each counts as a second person, and what two people can do today. */
export type People = {
  readonly people: readonly PersonView[];
  /** How many there are that the search finds, and the cursor of the next page; null on the last. */
  readonly found: number;
  readonly next: string | null;
  readonly duties: readonly Duty[];
  readonly coolingOffHours: number;
};

/** One page of the people; what they can do together is counted among everybody. */
export async function showPeople(ctx: ServiceContext, query: PeopleQuery): Promise<People> {
  const { memberId } = requireMember(ctx);
  const { db, workspaceId } = ctx;
  const [everybody, facts] = await Promise.all([listActing(db, workspaceId), findPeopleFacts(db, workspaceId, null)]);
  const duties = dutiesOf(everybody, facts);
  const { listed, found, next } = pageOfPeople(everybody, query);
  const looking = everybody.find((member) => member.memberId === memberId);
  const people = personViews({ listed, everybody }, looking, facts);
  return { people, found, next, duties, coolingOffHours: facts.coolingOffHours };
}

/** What two people can and cannot do today, counted among everybody, for the screens that need two. */
export async function listDuties(ctx: ServiceContext): Promise<readonly Duty[]> {
  requireMember(ctx);
  const { db, workspaceId } = ctx;
  const roles = [...new Set(DUTIES.flatMap(rolesFor))];
  const [able, facts] = await Promise.all([listAble(db, workspaceId, roles), findPeopleFacts(db, workspaceId, null)]);
  return dutiesOf(able, facts);
}
