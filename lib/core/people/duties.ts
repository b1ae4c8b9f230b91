import type { Role } from "@/lib/core/workspaces/schema";

import { type Dependence, dependence, groupsOf, type PeopleFacts, type Side } from "./independence";
import { dependenceText } from "./words";

/** What takes two people. */
export const DUTIES = ["approve", "resume", "publish"] as const;
export type DutyName = (typeof DUTIES)[number];

/** A member as far as acting together depends on it. */
export type Acting = Side & {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  /** Null while the invitation is open. */
  readonly joinedAt: Date | null;
  /** Whether there is any way for them to sign in or to use a token. */
  readonly canSignIn: boolean;
};

/** Whether two people can do what takes two today: which two, or why not and what to do about it. */
export type Duty = {
  readonly name: DutyName;
  readonly pair: readonly [string, string] | null;
  /** Null when two can. */
  readonly fault: string | null;
};

type DutyRule = { readonly roles: readonly Role[]; readonly takes: string; readonly role: string };

const RULES: Readonly<Record<DutyName, DutyRule>> = {
  approve: { roles: ["reviewer"], takes: "Approving what takes two reviewers", role: "reviewer" },
  resume: { roles: ["operator", "admin"], takes: "Resuming after a stop", role: "operator" },
  publish: {
    roles: ["policy_admin", "admin"],
    takes: "Publishing what lets an agent do more",
    role: "policy administrator",
  },
};

/** What a duty is called on screen. */
export const dutyTitle = (name: DutyName): string => RULES[name].takes;

/** Whether a member may act at all: joined, not disabled, and able to sign in. */
export const isActive = (member: Acting): boolean => !member.disabled && member.joinedAt !== null && member.canSignIn;

/** Whether a member holds the role that a duty asks for and may act now. */
export const mayTake = (name: DutyName, member: Acting): boolean =>
  isActive(member) && member.roles.some((role) => RULES[name].roles.includes(role));

/** Which two people could do each of the things that take two, today. */
export function dutiesOf(members: readonly Acting[], facts: PeopleFacts): readonly Duty[] {
  return DUTIES.map((name) => {
    const able = members.filter((member) => mayTake(name, member));
    const pair = firstPair(able, facts);
    return { name, pair, fault: pair === null ? faultOf(name, able, facts) : null };
  });
}

function firstPair(able: readonly Acting[], facts: PeopleFacts): readonly [string, string] | null {
  // Groups first, so that a large workspace costs one pass and not one for each two of its people.
  const groups = groupsOf(
    able.map(({ memberId }) => memberId),
    facts,
  );
  for (const [index, one] of able.entries()) {
    for (const other of able.slice(index + 1)) {
      if (groups.get(one.memberId) === groups.get(other.memberId)) continue;
      if (dependence(one, other, facts) === null) return [one.name, other.name];
    }
  }
  return null;
}

function faultOf(name: DutyName, able: readonly Acting[], facts: PeopleFacts): string {
  const { takes, role } = RULES[name];
  const [only, other] = able;
  const needs = `${takes} needs two independent people`;
  if (only === undefined) return `${needs}, and nobody can do it yet. Invite two people with the ${role} role.`;
  if (other === undefined) {
    const sole = `${needs}, and only ${only.name} can do it.`;
    return `${sole} Invite a second person with the ${role} role, or set up two people with the installation.`;
  }
  return `${needs}, and today there are no two. ${soonest(able, facts)}`;
}

/** Of all two people, those who count as two first, and what they wait for. */
function soonest(able: readonly Acting[], facts: PeopleFacts): string {
  const found: { readonly why: Dependence; readonly at: number }[] = [];
  // What holds longest is the same for most of them, so a few are enough to say what is going on.
  const some = able.slice(0, MOST_COMPARED);
  for (const [index, one] of some.entries()) {
    for (const other of some.slice(index + 1)) {
      const why = dependence(one, other, facts);
      if (why !== null) found.push({ why, at: "until" in why ? why.until.getTime() : Number.POSITIVE_INFINITY });
    }
  }
  const [first] = found.toSorted((a, b) => a.at - b.at);
  return first === undefined ? "" : dependenceText(first.why, facts);
}

const MOST_COMPARED = 20;
