import type { Role } from "@/lib/core/workspaces/schema";

import { dependence, firstToPart, groupsOf, independenceOf, type PeopleFacts, type Side } from "./independence";
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

/** Which roles, one of them, a duty asks for. */
export const rolesFor = (name: DutyName): readonly Role[] => RULES[name].roles;

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
  const areTwo = independenceOf(facts);
  for (const [index, one] of able.entries()) {
    const other = able.slice(index + 1).find((candidate) => areTwo(one, candidate));
    if (other !== undefined) return [one.name, other.name];
    // Where ties hold everybody together there is no need to look at the others.
    if (index === 0 && isOneGroup(able, facts)) return null;
  }
  return null;
}

/** Whether ties alone hold all of them together, so that a large workspace costs one pass and not one for each two. */
function isOneGroup(able: readonly Acting[], facts: PeopleFacts): boolean {
  const ids = able.map(({ memberId }) => memberId);
  return new Set(groupsOf(ids, facts).values()).size === 1;
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
  const tie = firstToPart(able, facts);
  if (tie !== null) return dependenceText({ why: "tied", tie, until: tie.until }, facts);
  const [one, other] = able;
  const why = one && other ? dependence(one, other, facts) : null;
  return why === null ? "" : dependenceText(why, facts);
}
