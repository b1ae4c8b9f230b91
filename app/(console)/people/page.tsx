import type { Metadata } from "next";

import { RefreshOn } from "@/components/layout/refresh-on";
import { DutyList } from "@/components/people/duty-list";
import { InviteMember } from "@/components/people/invite-member";
import { PeopleFilter } from "@/components/people/people-filter";
import { PeopleTable } from "@/components/people/people-table";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { PeopleQuery } from "@/lib/core/people/view";
import { hoursText } from "@/lib/core/people/words";
import { paths } from "@/lib/core/shared/paths";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { showPeople } from "@/lib/services/people/show-people";
import { showStepUp } from "@/lib/services/step-up/show";
import { pageMember } from "@/lib/web/page-member";

import {
  changeRolesAction,
  confirmMemberAction,
  disableMemberAction,
  inviteAgainAction,
  inviteMemberAction,
  linkMembersAction,
  resetStepUpAction,
  unlinkMemberAction,
} from "./actions";

export const metadata: Metadata = { title: "People" };

const TOPICS = ["member.join", "member.confirm", "member.verify", "member.roles", "member.disable", "member.link"];

export default async function PeoplePage({ searchParams }: PageProps<"/people">) {
  const [{ ctx, member }, query] = await Promise.all([pageMember(), searchParams]);
  const filter = PeopleQuery.parse(query);
  const [{ people, found, next, duties, coolingOffHours }, stepUp] = await Promise.all([
    showPeople(ctx, filter),
    showStepUp(ctx),
  ]);
  const permitted = canManageMembers(member.roles);
  const coolingOff = hoursText(coolingOffHours);

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader
        title="People"
        meta="Who may do what, and who counts as a second person beside whom."
        actions={<InviteMember invite={inviteMemberAction} permitted={permitted} coolingOff={coolingOff} />}
      />
      <DutyList duties={duties} />
      <p className="max-w-[80ch] text-muted">
        Two people count as two when neither depends on the other. For {coolingOff} a person counts as one with whoever
        invited them, changed their roles or reset their authenticator app, and with everybody that person counts as one
        with. People who were set up with the installation depend on nobody, and signing in with the organisation’s
        identity provider ends the wait, as does another independent person who confirms the invitation.
      </p>
      <PeopleFilter q={filter.q} />
      <PeopleTable
        people={people}
        found={found}
        me={member.memberId}
        permitted={permitted}
        withApp={stepUp.members}
        coolingOff={coolingOff}
        actions={{
          confirm: confirmMemberAction,
          roles: changeRolesAction,
          again: inviteAgainAction,
          disable: disableMemberAction,
          link: linkMembersAction,
          unlink: unlinkMemberAction,
          reset: resetStepUpAction,
        }}
      />
      <Pager
        first="First page"
        next="Next page"
        firstHref={filter.cursor && paths.people({ q: filter.q })}
        nextHref={next === null ? undefined : paths.people({ q: filter.q, cursor: next })}
      />
    </>
  );
}
