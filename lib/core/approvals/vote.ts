import { type Dependence, firstDependence, type PeopleFacts } from "@/lib/core/people/independence";
import { dependenceText } from "@/lib/core/people/words";

import { type Evidence, type Gate, missing, type Missing } from "./gate";
import { type Approval, quorumOf, stateAt, type Vote, type Voter, type VoteVerdict } from "./schema";

/** Why a vote is not taken. */
export type VoteRefusal =
  | "already_decided"
  | "approval_expired"
  | "approval_withdrawn"
  | "already_voted"
  | "role_missing"
  | "member_disabled"
  | "self_approval"
  | "not_independent"
  | "workspace_stopped"
  | "display_digest_missing"
  | "stale_view"
  | "too_early"
  | "step_up_missing"
  | "screen_only"
  | "note_missing"
  | "evidence_missing";

export type VoteAnswer =
  | { readonly ok: true; readonly state: "waiting" | "approved" | "denied" | "returned"; readonly settled: boolean }
  | { readonly ok: false; readonly why: VoteRefusal; readonly missing?: readonly Missing[]; readonly words?: string };

export type CastVote = {
  readonly approval: Approval;
  /** All votes there are, read under the approval's lock. */
  readonly votes: readonly Pick<Vote, "memberId" | "personId" | "answersFor" | "verdict">[];
  readonly member: Voter;
  readonly people: PeopleFacts;
  readonly verdict: VoteVerdict;
  /** Digest of what was on the voter's screen. */
  readonly displayDigest: string | undefined;
  readonly gate: Gate;
  readonly evidence: Evidence;
  /** For how long what is judged has been on this person's screen; null where there is no screen to know of. */
  readonly shownSeconds: number | null;
  /** Whether this person has an authenticator app set up. */
  readonly enrolled: boolean;
  readonly stopped: boolean;
  readonly now: Date;
};

/**
 * May this person give this answer, now, and what becomes of the request?
 *
 * A denial ends the request whatever came before it; approval takes a quorum of people who are independent of each
 * other, none of them the agent's DRI when duties are separated: at the time of the request, now or lately. The same
 * person may always deny.
 */
export function castVote(vote: CastVote): VoteAnswer {
  const refusal = refusalOf(vote);
  if (refusal !== null) return { ok: false, ...refusal };
  if (vote.verdict === "deny") return { ok: true, state: "denied", settled: true };
  if (vote.verdict === "return") return { ok: true, state: "returned", settled: true };
  const people = new Set(vote.votes.filter(({ verdict }) => verdict === "approve").map(({ personId }) => personId));
  people.add(vote.member.personId);
  const enough = people.size >= quorumOf(vote.approval);
  return { ok: true, state: enough ? "approved" : "waiting", settled: enough };
}

/** A click that comes sooner was meant for what was there before. */
export const SETTLE_SECONDS = 0.8;

type Refusal = { readonly why: VoteRefusal; readonly missing?: readonly Missing[]; readonly words?: string };

function refusalOf(vote: CastVote): Refusal | null {
  const { approval, member, verdict } = vote;
  const state = stateAt(approval, vote.now);
  if (state === "expired") return { why: "approval_expired" };
  if (state === "withdrawn") return { why: "approval_withdrawn" };
  // Something newer stands in its place: what this person has on screen is not what would run.
  if (state === "superseded") return { why: "stale_view" };
  if (vote.votes.some(({ personId }) => personId === member.personId)) return { why: "already_voted" };
  if (state !== "waiting") return { why: "already_decided" };
  if (member.disabled) return { why: "member_disabled" };
  // A denial among the votes should have ended it; never count past one.
  if (vote.votes.some((cast) => cast.verdict !== "approve")) return { why: "already_decided" };
  if (!mayVote(approval, member, verdict)) return { why: "role_missing" };
  if (verdict === "approve") {
    if (isOwnAgent(approval, member)) return { why: "self_approval" };
    const found = dependentVote(vote);
    if (found !== null) return { why: "not_independent", words: notIndependentText(found, vote.people) };
    if (vote.stopped) return { why: "workspace_stopped" };
    if (vote.displayDigest === undefined) return { why: "display_digest_missing" };
  }
  if (vote.displayDigest !== undefined && vote.displayDigest !== approval.displayDigest) return { why: "stale_view" };
  if (vote.gate.dwellSeconds > 0 && (vote.shownSeconds ?? 0) < SETTLE_SECONDS) return { why: "too_early" };
  if (vote.gate.totp && !vote.enrolled) return { why: "step_up_missing" };
  return gateRefusal(missing(vote.gate, vote.evidence));
}

/** Why this person is no second one beside those who approved already; null when they are, and where one is enough. */
export function dependentVote({
  approval,
  votes,
  member,
  people,
}: Pick<CastVote, "approval" | "votes" | "member" | "people">): Dependence | null {
  if (quorumOf(approval) < 2) return null;
  const me = { memberId: member.id, answersFor: member.answersFor };
  // Nobody who was handed the agent lately, or handed it on, is one of two for it, whoever the other is.
  const { lateDris } = people;
  const late = lateDris.find(({ memberId }) => member.answersFor.includes(memberId));
  if (late !== undefined) return { why: "dri_lately", ...late };
  const approved = votes.filter(({ verdict }) => verdict === "approve");
  return firstDependence(me, approved, people);
}

/** What a person is told who is no second one. */
export const notIndependentText = (found: Dependence, people: PeopleFacts): string =>
  `This takes two independent people, and you cannot be the second now. ${dependenceText(found, people)} You may deny.`;

function gateRefusal(left: readonly Missing[]): Refusal | null {
  const [first] = left;
  if (first === undefined) return null;
  if (first.code === "screen_only") return { why: "screen_only", missing: left };
  return { why: left.every(({ code }) => code === "note") ? "note_missing" : "evidence_missing", missing: left };
}

/** Whether a person may give this answer by role; an agent's own DRI may refuse for it without one. */
export function mayVote(approval: Approval, member: Voter, verdict: VoteVerdict): boolean {
  if (member.roles.some((role) => role === approval.approverRole)) return true;
  return verdict !== "approve" && isDri(approval, member);
}

/**
 * Whether separation of duties keeps this person from approving: their own agent, when it asked, now, or so lately that
 * it has not cooled off. Their other accounts are they, and whoever stands in for a DRI carries the DRI's duties.
 */
export function isOwnAgent(approval: Approval, member: Pick<Voter, "answersFor">): boolean {
  return approval.separationOfDuties && isDri(approval, member);
}

function isDri(approval: Approval, { answersFor }: Pick<Voter, "answersFor">): boolean {
  const dris = [approval.driAtRequest, approval.driNow, ...approval.drisLately];
  return dris.some((id) => answersFor.includes(id));
}

/**
 * Why an action cannot be handed to a person, in words; null when it can: they must be able to approve it themselves.
 * Whether they have answered already takes no part in it, because that would tell one reviewer about another.
 */
export function handOffFault(approval: Approval, to: Voter, from: string): string | null {
  if (to.id === from) return "You have it already.";
  if (to.disabled) return "Their account is disabled.";
  if (!mayVote(approval, to, "approve")) return `They do not hold the ${approval.approverRole} role.`;
  return isOwnAgent(approval, to) ? "They are responsible for this agent." : null;
}
