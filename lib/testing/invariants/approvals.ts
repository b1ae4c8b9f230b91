import { z } from "zod";

import { dutiesOf, independentPeople, lateDris } from "./people";
import type { State } from "./state";
import { groupBy, indexBy, violation, type Violation } from "./violation";

type Approval = State["approvals"][number];

/** 3: a consumed approval was approved, in time, by enough independent people who might, and refused by none. */
export function approvalViolations(state: State): Violation[] {
  const grants = indexBy(state.grants, ({ approval_id }) => approval_id);
  // What was taken back counts for nothing.
  const votes = groupBy(
    state.votes.filter(({ undone }) => !undone),
    ({ approval_id }) => approval_id,
  );
  const decisions = indexBy(state.decisions, ({ id }) => id);
  const consumed = state.approvals.filter(({ state: at }) => at === "consumed");
  const found = state.executions
    .filter(({ approval_id }) => approval_id !== null && !consumed.some(({ id }) => id === approval_id))
    .map(({ decision_id }) => violation(3, `decision ${decision_id} ran by an approval that was never consumed`));
  for (const approval of consumed) {
    const user = decisions.get(approval.consumed_by ?? "");
    const grant = grants.get(approval.id);
    const fault =
      user?.verdict !== "allow" || user.approval_id !== approval.id
        ? "was consumed by a decision that is no allow of it"
        : !grant || grant.consumed_at === null || grant.consumed_by !== user.id
          ? "has no grant that was used by the same decision"
          : (timeFault(approval, grant) ?? voteFault(state, approval, votes.get(approval.id) ?? [], user));
    if (fault !== null) found.push(violation(3, `approval ${approval.id} ${fault}`));
  }
  return found;
}

function timeFault(approval: Approval, grant: State["grants"][number]): string | null {
  const used = grant.consumed_at ?? Number.POSITIVE_INFINITY;
  if (used < grant.usable_at) return "was used while it could still be taken back";
  return used < approval.expires_at && used < grant.expires_at ? null : "was used after it had expired";
}

function voteFault(
  state: State,
  approval: Approval,
  votes: State["votes"],
  user: State["decisions"][number],
): string | null {
  if (votes.some(({ verdict }) => verdict !== "approve")) return "was used although somebody refused it";
  if (votes.some(({ display_digest }) => display_digest !== approval.display_digest))
    return "has a vote on something else than was shown";
  const members = indexBy(state.members, ({ id }) => id);
  const personOf = (id: string | undefined) => members.get(id ?? "")?.person ?? id;
  const owners = approval.separation_of_duties ? [approval.dri_at_request, driAt(state, approval, user.id)] : [];
  const excluded = owners.map(personOf);
  const people = votes.filter(({ member_id, at }) => {
    const member = members.get(member_id);
    const late = approval.separation_of_duties ? lateDris(state, approval.agent_id, at, user.at) : [];
    if (dutiesOf(state, member_id, at).some((id) => late.includes(id))) return false;
    const isThere = member !== undefined && (member.disabled_at === null || member.disabled_at > user.at);
    return (
      isThere && at <= user.at && member.roles.includes(approval.approver_role) && !excluded.includes(member.person)
    );
  });
  const acting = people.map(({ member_id, at }) => ({ memberId: member_id, heldAt: at }));
  const distinct = independentPeople(state, acting, user.at);
  const quorum = Math.max(approval.quorum, approval.band === "critical" ? 2 : 1);
  return distinct >= quorum ? null : `was used with ${distinct} of ${quorum} people`;
}

const Changed = z.object({ agent: z.string(), before: z.object({ dri: z.string() }).optional() });

/** Whose agent it was when the approval was used: what the next change of hands says was before, else what is. */
function driAt({ agents, events }: State, approval: Approval, decisionId: string): string | undefined {
  const agent = agents.find(({ id }) => id === approval.agent_id);
  const used = events.find(({ id }) => id === decisionId)?.committed ?? 0;
  for (const { topic, payload, committed } of events) {
    if (topic !== "agent.update" || committed < used) continue;
    const change = Changed.parse(payload);
    if (change.agent === agent?.handle && change.before) return change.before.dri;
  }
  return agent?.dri_id;
}
