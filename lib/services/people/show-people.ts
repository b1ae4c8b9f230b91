import "server-only";

import { dutiesOf, type Duty } from "@/lib/core/people/duties";
import { type PersonView, personViews } from "@/lib/core/people/view";
import { findPeopleFacts, listActing } from "@/lib/data/people";

import { requireMember, type ServiceContext } from "../context";

/** Everybody of the workspace, beside whom each counts as a second person, and what two people can do today. */
export type People = {
  readonly people: readonly PersonView[];
  readonly duties: readonly Duty[];
  readonly coolingOffHours: number;
};

export async function showPeople(ctx: ServiceContext): Promise<People> {
  const { memberId } = requireMember(ctx);
  const { members, facts } = await everybody(ctx);
  return {
    people: personViews(members, memberId, facts),
    duties: dutiesOf(members, facts),
    coolingOffHours: facts.coolingOffHours,
  };
}

/** What two people can and cannot do today, for the screens that need two. */
export async function listDuties(ctx: ServiceContext): Promise<readonly Duty[]> {
  requireMember(ctx);
  const { members, facts } = await everybody(ctx);
  return dutiesOf(members, facts);
}

async function everybody({ db, workspaceId }: ServiceContext) {
  const members = await listActing(db, workspaceId);
  return { members, facts: await findPeopleFacts(db, workspaceId, null) };
}
