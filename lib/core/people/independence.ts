/** What one person did to another's account, so that until it has cooled off the two count as one. */
export const TIE_KINDS = ["invitation", "roles", "credentials", "separation"] as const;
export type TieKind = (typeof TIE_KINDS)[number];

/** A tie that holds, and until when it does by itself. */
export type Tie = {
  readonly memberId: string;
  readonly byId: string;
  readonly kind: TieKind;
  readonly until: Date;
};

/** Somebody who became or ceased to be the DRI of the agent at hand so lately that it has not cooled off. */
export type LateDri = { readonly memberId: string; readonly until: Date };

/** What is known of a workspace's people as of one moment. */
export type PeopleFacts = {
  /** By account, what the person goes by; absent: the account is the person's only one. */
  readonly persons: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, string>;
  readonly ties: readonly Tie[];
  readonly lateDris: readonly LateDri[];
  /** How long a tie holds in this workspace. */
  readonly coolingOffHours: number;
};

/** What is known where nobody is asked to be a second person. */
export const NO_FACTS: PeopleFacts = Object.freeze({
  persons: new Map(),
  names: new Map(),
  ties: [],
  lateDris: [],
  coolingOffHours: 0,
});

/** Somebody who stands in for another at the moment. */
export type StandIn = { readonly fromId: string; readonly toId: string };

/**
 * By account, the accounts whose duties it carries: those of its person, and those of everybody whom its person stands in
 * for. The function `answers_for` of the database says the same of one account.
 *
 * @param persons by account, what its person goes by; every account is in it
 */
export function answersForEach(
  persons: ReadonlyMap<string, string>,
  standIns: readonly StandIn[],
): ReadonlyMap<string, readonly string[]> {
  const accounts = new Map<string, string[]>();
  for (const [account, person] of persons) accounts.set(person, [...(accounts.get(person) ?? []), account]);
  const carried = new Map<string, Set<string>>();
  for (const { fromId, toId } of standIns) {
    const [giver, taker] = [persons.get(fromId) ?? fromId, persons.get(toId) ?? toId];
    carried.set(taker, (carried.get(taker) ?? new Set<string>()).add(giver));
  }
  const dutiesOf = (person: string) =>
    [...new Set([person, ...(carried.get(person) ?? [])])].flatMap((one) => accounts.get(one) ?? []);
  return new Map([...persons].map(([account, person]) => [account, dutiesOf(person)]));
}

/** One of two people: an account, and the accounts whose duties it carries. */
export type Side = { readonly memberId: string; readonly answersFor: readonly string[] };

/** Why two accounts do not count as two people; `until` when it ends by itself. */
export type Dependence =
  | { readonly why: "same_person" }
  | { readonly why: "stands_in" }
  | { readonly why: "dri_lately"; readonly memberId: string; readonly until: Date }
  | { readonly why: "tied"; readonly tie: Tie; readonly until: Date };

/**
 * Why these two may not act as two people now; null when they may.
 *
 * There is one rule wherever two people are asked for. A tie is symmetric and leads on: whom I invited, whom they
 * invited in turn, and everybody else I invited count as one person with me. Of all ways from one to the other the
 * strongest counts: the last tie that has to cool off is the one named.
 */
export function dependence(one: Side, other: Side, facts: PeopleFacts): Dependence | null {
  const [a, b] = [personOf(one.memberId, facts), personOf(other.memberId, facts)];
  if (a === b) return { why: "same_person" };
  if (one.answersFor.some((id) => other.answersFor.includes(id))) return { why: "stands_in" };
  const late = lateDri([one, other], facts);
  if (late !== null) return { why: "dri_lately", ...late };
  const groups = new Map<string, string>();
  for (const tie of facts.ties.toSorted((x, y) => y.until.getTime() - x.until.getTime())) {
    join(groups, personOf(tie.memberId, facts), personOf(tie.byId, facts));
    if (rootOf(groups, a) === rootOf(groups, b)) return { why: "tied", tie, until: tie.until };
  }
  return null;
}

/** The first of these people who does not count as another person than `one`, and why; null when all of them do. */
export function firstDependence(one: Side, others: readonly Side[], facts: PeopleFacts): Dependence | null {
  for (const other of others) {
    const found = dependence(one, other, facts);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Whether two count as two people now: `dependence` without its reason, for many pairs of one workspace. Ties are joined
 * once and not for each pair.
 */
export function independenceOf(facts: PeopleFacts): (one: Side, other: Side) => boolean {
  const groups = new Map<string, string>();
  for (const { memberId, byId } of facts.ties) join(groups, personOf(memberId, facts), personOf(byId, facts));
  const groupOf = ({ memberId }: Side) => rootOf(groups, personOf(memberId, facts));
  const late = new Set(facts.lateDris.map(({ memberId }) => memberId));
  const isLate = ({ answersFor }: Side) => answersFor.some((id) => late.has(id));
  return (one, other) =>
    groupOf(one) !== groupOf(other) &&
    !one.answersFor.some((id) => other.answersFor.includes(id)) &&
    !isLate(one) &&
    !isLate(other);
}

/**
 * The tie that ends first of those that alone keep two of these people from counting as two, for people of whom no two
 * do now; null when no tie does. Ties are joined from the last to end to the first, so each that joins two groups holds
 * them together longest.
 */
export function firstToPart(people: readonly Side[], facts: PeopleFacts): Tie | null {
  const groups = new Map<string, string>();
  const members = new Map<string, Side[]>();
  for (const side of people) {
    const person = personOf(side.memberId, facts);
    members.set(person, [...(members.get(person) ?? []), side]);
  }
  const mayPart = (one: readonly Side[], other: readonly Side[]) =>
    one.some((a) => other.some((b) => !a.answersFor.some((id) => b.answersFor.includes(id))));
  let first: Tie | null = null;
  for (const tie of facts.ties.toSorted((x, y) => y.until.getTime() - x.until.getTime())) {
    const [a, b] = [rootOf(groups, personOf(tie.memberId, facts)), rootOf(groups, personOf(tie.byId, facts))];
    if (a === b) continue;
    const [one, other] = [members.get(a) ?? [], members.get(b) ?? []];
    if (mayPart(one, other)) first = tie;
    // The smaller goes into the larger, so that thousands of people are not copied once for each of them.
    const [from, to, few, many] = one.length < other.length ? [a, b, one, other] : [b, a, other, one];
    groups.set(from, to);
    for (const side of few) many.push(side);
    members.set(to, many);
  }
  return first;
}

/** By account, a name for everybody who counts as one person by ties that hold. */
export function groupsOf(accounts: readonly string[], facts: PeopleFacts): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const { memberId, byId } of facts.ties) join(groups, personOf(memberId, facts), personOf(byId, facts));
  return new Map(accounts.map((id) => [id, rootOf(groups, personOf(id, facts))]));
}

function lateDri(sides: readonly Side[], { lateDris }: PeopleFacts): LateDri | null {
  const found = lateDris.filter(({ memberId }) => sides.some(({ answersFor }) => answersFor.includes(memberId)));
  return found.toSorted((x, y) => y.until.getTime() - x.until.getTime())[0] ?? null;
}

const personOf = (account: string, { persons }: PeopleFacts): string => persons.get(account) ?? account;

function rootOf(groups: ReadonlyMap<string, string>, name: string): string {
  let root = name;
  for (let next = groups.get(root); next !== undefined; next = groups.get(root)) root = next;
  return root;
}

function join(groups: Map<string, string>, one: string, other: string): void {
  const [a, b] = [rootOf(groups, one), rootOf(groups, other)];
  if (a !== b) groups.set(a, b);
}
