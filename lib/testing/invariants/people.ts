import type { State } from "./state";

type People = Pick<State, "members" | "ties" | "standIns" | "handovers" | "coolingOff">;

/**
 * Counts people, not accounts: how many of these members are independent of each other at a moment. Written from the
 * rows alone, beside the rule that the product follows, so that a fault of that rule is not a fault of this one.
 *
 * @param heldAt when each began to act: who stood in for whom counts as it was then
 */
export function independentPeople(
  people: People,
  acting: readonly { readonly memberId: string; readonly heldAt: number }[],
  moment: number,
): number {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    const next = names.get(id);
    return next === undefined || next === id ? id : nameOf(next);
  };
  const unite = (one: string, other: string) => names.set(nameOf(one), nameOf(other));
  for (const { id, person } of people.members) unite(id, person);
  for (const { member_id, by_member, at, ended } of people.ties) {
    const holds = at > moment - people.coolingOff && at <= moment && (ended === null || ended > moment);
    if (holds) unite(member_id, by_member);
  }
  const carried = acting.map(({ memberId, heldAt }) => dutiesOf(people, memberId, heldAt));
  for (const [index, one] of carried.entries()) {
    for (const [later, other] of carried.entries()) {
      const [a, b] = [acting[index], acting[later]];
      if (later > index && a && b && other.some((id) => one.includes(id))) unite(a.memberId, b.memberId);
    }
  }
  return new Set(acting.map(({ memberId }) => nameOf(memberId))).size;
}

/** The accounts whose duties a member has at a moment: those of the same person, and of whoever they stand in for. */
export function dutiesOf({ members, standIns }: People, memberId: string, moment: number): readonly string[] {
  const personOf = (id: string) => members.find((member) => member.id === id)?.person ?? id;
  const accountsOf = (person: string) => members.filter((member) => member.person === person).map(({ id }) => id);
  const person = personOf(memberId);
  const from = standIns.filter(
    ({ to_member, starts, ends, ended }) =>
      personOf(to_member) === person && starts <= moment && ends > moment && (ended === null || ended > moment),
  );
  return [memberId, ...accountsOf(person), ...from.flatMap(({ from_member }) => accountsOf(personOf(from_member)))];
}

/** Who was handed an agent, or handed it on, so shortly before a vote, or between it and its use, that it counted. */
export function lateDris(people: People, agentId: string, votedAt: number, usedAt: number): readonly string[] {
  return people.handovers
    .filter(({ agent_id, at }) => agent_id === agentId && at > votedAt - people.coolingOff && at <= usedAt)
    .flatMap(({ from_member, to_member }) => [from_member, to_member]);
}
