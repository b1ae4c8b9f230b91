import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { NO_FACTS, type PeopleFacts } from "@/lib/core/people/independence";
import { MemberId } from "@/lib/core/shared/brand";

import { gateOf, PLAIN_RULES } from "./gate";
import { agentStateAt, Approval, escalationAt, stateAt, type Voter, type VoteVerdict } from "./schema";
import { castVote, type CastVote } from "./vote";

const NOW = new Date("2026-04-10T12:00:00Z");
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const DRI_THEN = id(1);
const DRI_NOW = id(2);
const ADA = id(3);
const DIGEST = "a".repeat(64);

const waiting = Approval.parse({
  id: id(100),
  agentId: id(101),
  agent: "support",
  runId: id(102),
  decisionId: id(103),
  tool: "send_customer_email",
  actionDigest: "b".repeat(64),
  actionRef: null,
  displayRef: null,
  displayDigest: DIGEST,
  manifestVersion: 1,
  state: "waiting",
  score: 30,
  band: "elevated",
  quorum: 1,
  approverRole: "reviewer",
  separationOfDuties: true,
  driAtRequest: DRI_THEN,
  driNow: DRI_NOW,
  note: null,
  createdAt: new Date("2026-04-10T11:59:00Z"),
  expiresAt: new Date("2026-04-10T12:04:00Z"),
  settledAt: null,
  consumedBy: null,
  supersededBy: null,
  baseDigest: null,
  baseMovedAt: null,
  rerunRequestedAt: null,
});

const seen = {
  partsViewed: [],
  acknowledged: [],
  dwellSeconds: 60,
  note: "looked at it all",
  typedCount: null,
  totp: false,
};
const view = {
  parts: [],
  mismatch: null,
  idsNotListed: 0,
  dryRun: false,
  dryRunAt: null,
  changedFields: 1,
  affected: { count: 1, unit: "rows" },
  hiddenCharacters: 0,
  hosts: [],
};

const voter = (who: string, more: Partial<Voter> = {}): Voter => ({
  id: MemberId.parse(who),
  roles: ["reviewer"],
  disabled: false,
  personId: who,
  answersFor: [who],
  oneWith: [who],
  ...more,
});

function vote(change: Partial<CastVote> & { by?: string; verdict?: VoteVerdict } = {}): CastVote {
  const { by = ADA, verdict = "approve", ...rest } = change;
  const approval = rest.approval ?? waiting;
  return {
    approval,
    votes: [],
    member: voter(by),
    people: NO_FACTS,
    verdict,
    displayDigest: DIGEST,
    gate: gateOf(verdict, approval.band, "token", view),
    evidence: seen,
    shownSeconds: 60,
    enrolled: true,
    stopped: false,
    now: NOW,
    ...rest,
  };
}

const approvedBy = (...people: number[]) =>
  people.map((n) => ({ memberId: id(n), personId: id(n), answersFor: [id(n)], verdict: "approve" as const }));

/** What is known where one person has just invited the others. */
const invitedBy = (by: number, ...members: number[]): PeopleFacts => ({
  ...NO_FACTS,
  coolingOffHours: 72,
  names: new Map([by, ...members].map((n) => [id(n), `Person ${n}`])),
  ties: members.map((n) => ({
    memberId: id(n),
    byId: id(by),
    kind: "invitation",
    until: new Date("2026-04-13T12:00:00Z"),
  })),
});

describe("castVote", () => {
  test("one approval settles a quorum of one", () => {
    expect(castVote(vote())).toEqual({ ok: true, state: "approved", settled: true });
  });

  test("a denial settles at once, whatever was said before it", () => {
    const approval = { ...waiting, quorum: 3 };
    expect(castVote(vote({ approval, verdict: "deny", votes: approvedBy(8, 9) }))).toEqual({
      ok: true,
      state: "denied",
      settled: true,
    });
    expect(castVote(vote({ approval, verdict: "return", votes: approvedBy(8) }))).toMatchObject({ state: "returned" });
  });

  test.each([
    ["the agent's DRI when it asked", DRI_THEN],
    ["the agent's DRI now", DRI_NOW],
  ])("%s may not approve, and may deny without the role", (_who, by) => {
    const member = voter(by, { roles: [] });
    expect(castVote(vote({ by }))).toEqual({ ok: false, why: "self_approval" });
    expect(castVote(vote({ member, verdict: "deny" }))).toMatchObject({ ok: true, state: "denied" });
  });

  test("the DRI may approve where duties are not separated", () => {
    expect(castVote(vote({ by: DRI_NOW, approval: { ...waiting, separationOfDuties: false } }))).toMatchObject({
      ok: true,
    });
  });

  test("one person is one person, however often they vote", () => {
    const approval = { ...waiting, quorum: 2 };
    expect(castVote(vote({ approval, votes: approvedBy(3) }))).toEqual({ ok: false, why: "already_voted" });
    expect(castVote(vote({ approval, votes: approvedBy(8) }))).toMatchObject({ state: "approved" });
  });

  test("people-1 whom one person invited counts as that person, and so does everybody else they invited", () => {
    const approval = { ...waiting, quorum: 2 };
    const people = invitedBy(3, 8, 9);
    for (const votes of [approvedBy(8), approvedBy(9)])
      expect(castVote(vote({ approval, people, votes }))).toMatchObject({ ok: false, why: "not_independent" });
    expect(castVote(vote({ approval, people, votes: approvedBy(8), by: id(9) }))).toMatchObject({
      why: "not_independent",
    });
    expect(castVote(vote({ approval, people, votes: approvedBy(10) }))).toMatchObject({ state: "approved" });
    expect(castVote(vote({ approval, people, votes: approvedBy(8), verdict: "deny" }))).toMatchObject({
      state: "denied",
    });
    const refused = castVote(vote({ approval, people, votes: approvedBy(8) }));
    expect(refused).toMatchObject({
      words:
        "This takes two independent people, and you cannot be the second now. Person 8 joined on an invitation from Person 3 less than 72 hours ago. They count as one person until 2026-04-13 12:00 UTC. Another person who is independent of both can confirm the invitation on the People page. You may deny.",
    });
  });

  test("people-6 where one person is asked for, one is enough, whoever invited them", () => {
    expect(castVote(vote({ people: invitedBy(8, 3), votes: [] }))).toMatchObject({ state: "approved" });
  });

  test("people-3 whoever lately handed the agent over, or was handed it, may not approve for it", () => {
    const approval = { ...waiting, drisLately: [ADA] };
    expect(castVote(vote({ approval }))).toEqual({ ok: false, why: "self_approval" });
    expect(castVote(vote({ approval, verdict: "deny" }))).toMatchObject({ state: "denied" });
    // Where duties are not separated they still are nobody's second.
    const people = { ...NO_FACTS, lateDris: [{ memberId: ADA, until: NOW }] };
    const shared = { ...approval, separationOfDuties: false, quorum: 2 };
    expect(castVote(vote({ approval: shared, people }))).toMatchObject({ why: "not_independent" });
  });

  test("standing in for somebody makes no second person of them", () => {
    const approval = { ...waiting, quorum: 2 };
    const [earlier] = approvedBy(8);
    const votes = earlier ? [{ ...earlier, answersFor: [id(8), ADA] }] : [];
    expect(castVote(vote({ approval, votes }))).toMatchObject({ why: "not_independent" });
  });

  test("a critical action takes two people, whatever its terms say", () => {
    const approval = { ...waiting, band: "critical" as const, score: 90 };
    const gate = gateOf("approve", "low", "screen", view);
    expect(castVote(vote({ approval, gate }))).toEqual({ ok: true, state: "waiting", settled: false });
  });

  test.each([
    ["expired", { approval: { ...waiting, expiresAt: NOW } }, "approval_expired"],
    ["withdrawn", { approval: { ...waiting, state: "withdrawn" as const } }, "approval_withdrawn"],
    ["decided", { approval: { ...waiting, state: "denied" as const } }, "already_decided"],
    ["from the wrong role", { member: voter(ADA, { roles: ["admin"] }) }, "role_missing"],
    ["from a disabled person", { member: voter(ADA, { disabled: true }) }, "member_disabled"],
    ["of another view", { displayDigest: "c".repeat(64) }, "stale_view"],
    ["of nothing shown", { displayDigest: undefined }, "display_digest_missing"],
    ["while stopped", { stopped: true }, "workspace_stopped"],
  ])("an approval %s is refused", (_name, change, why) => {
    expect(castVote(vote(change as Partial<CastVote>))).toMatchObject({ ok: false, why });
  });

  test("a denial is taken while stopped and without having looked", () => {
    expect(castVote(vote({ verdict: "deny", stopped: true, displayDigest: undefined }))).toMatchObject({ ok: true });
  });

  test("returning needs something to say", () => {
    const evidence = { ...seen, note: "" };
    expect(castVote(vote({ verdict: "return", evidence }))).toMatchObject({ ok: false, why: "note_missing" });
    expect(castVote(vote({ verdict: "deny", evidence }))).toMatchObject({ ok: true });
  });

  test("T24 nothing is approved that has only just come on screen, or by somebody without the code it takes", () => {
    const high = { ...waiting, band: "high" as const };
    const gate = gateOf("approve", "high", "screen", view);
    for (const shownSeconds of [null, 0, 0.79])
      expect(castVote(vote({ approval: high, gate, shownSeconds }))).toMatchObject({ why: "too_early" });
    expect(castVote(vote({ approval: high, gate, shownSeconds: 0.8 }))).toMatchObject({ ok: true });
    const asks = gateOf("approve", "high", "screen", view, { stepUpHigh: true, undoSeconds: 5, highByToken: false });
    expect(castVote(vote({ approval: high, gate: asks, enrolled: false }))).toEqual({
      ok: false,
      why: "step_up_missing",
    });
    expect(castVote(vote({ approval: high, gate: asks }))).toMatchObject({ missing: [{ code: "totp" }] });
  });

  test("T08 another account of somebody who has voted, and T06 of the DRI, is the same person", () => {
    const approval = { ...waiting, quorum: 2 };
    const second = voter(id(30), { personId: ADA });
    expect(castVote(vote({ approval, votes: approvedBy(3), member: second }))).toEqual({
      ok: false,
      why: "already_voted",
    });
    const standsIn = voter(id(31), { answersFor: [id(31), DRI_NOW] });
    expect(castVote(vote({ member: standsIn }))).toEqual({ ok: false, why: "self_approval" });
    expect(castVote(vote({ member: standsIn, verdict: "deny" }))).toMatchObject({ state: "denied" });
  });

  test("people-5 by token, High takes the workspace's word and what the screen asks for, and Critical the screen", () => {
    const approval = { ...waiting, band: "high" as const };
    expect(castVote(vote({ approval }))).toMatchObject({ why: "screen_only" });
    const gate = gateOf("approve", "high", "token", view, { ...PLAIN_RULES, highByToken: true });
    expect(castVote(vote({ approval, gate }))).toMatchObject({ ok: true });
    expect(castVote(vote({ approval, gate, shownSeconds: null }))).toMatchObject({ why: "too_early" });
    const hasty = { ...seen, dwellSeconds: 1 };
    expect(castVote(vote({ approval, gate, evidence: hasty }))).toMatchObject({ why: "evidence_missing" });
    const evidence = { ...seen, note: "" };
    expect(castVote(vote({ approval, gate, evidence }))).toMatchObject({ why: "note_missing" });
    expect(castVote(vote({ approval: { ...waiting, band: "critical" } }))).toMatchObject({ why: "screen_only" });
  });

  test("any order of votes: approved means a quorum of distinct eligible people and no denial", () => {
    const ballot = fc.record({
      person: fc.integer({ min: 1, max: 6 }),
      verdict: fc.constantFrom("approve", "approve", "deny", "return"),
    });
    fc.assert(
      fc.property(fc.array(ballot, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (ballots, quorum) => {
        let approval: Approval = { ...waiting, quorum };
        const votes: { memberId: string; personId: string; answersFor: string[]; verdict: VoteVerdict }[] = [];
        let settlings = 0;
        for (const { person, verdict } of ballots) {
          const answer = castVote(vote({ approval, votes, by: id(person), verdict: verdict as VoteVerdict }));
          if (!answer.ok) continue;
          const who = id(person);
          votes.push({ memberId: who, personId: who, answersFor: [who], verdict: verdict as VoteVerdict });
          approval = { ...approval, state: answer.state };
          settlings += answer.settled ? 1 : 0;
        }
        const people = new Set(votes.map((cast) => cast.memberId));
        expect(people.size).toBe(votes.length);
        expect(settlings).toBeLessThanOrEqual(1);
        if (approval.state !== "approved") return;
        expect(votes.every((cast) => cast.verdict === "approve")).toBe(true);
        expect(people.size).toBeGreaterThanOrEqual(quorum);
        expect(people.has(DRI_THEN) || people.has(DRI_NOW)).toBe(false);
      }),
    );
  });
});

test("a request past its time reads as expired before any job has been there", () => {
  expect(stateAt(waiting, waiting.expiresAt)).toBe("expired");
  expect(stateAt({ ...waiting, state: "approved" }, waiting.expiresAt)).toBe("expired");
  expect(stateAt({ ...waiting, state: "denied" }, waiting.expiresAt)).toBe("denied");
});

test("the agent is told of an approval when it can no longer be taken back", () => {
  const usableAt = new Date(NOW.getTime() + 5_000);
  const approved = { ...waiting, state: "approved" as const, usableAt };
  expect([agentStateAt(approved, NOW), agentStateAt(approved, usableAt)]).toEqual(["waiting", "approved"]);
  expect(agentStateAt({ ...approved, expiresAt: NOW }, NOW)).toBe("expired");
});

test("a request is told to more people when half its time is gone", () => {
  expect(escalationAt(waiting)).toEqual(new Date("2026-04-10T12:01:30Z"));
});
