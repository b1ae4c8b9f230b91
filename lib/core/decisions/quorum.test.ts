import { describe, expect, test } from "vitest";

import { faultOf, type StandingApproval, type StandingVote } from "./standing";

const NOW = 1000;
const [ADA, BEN, CAS, DRI, NEXT_DRI] = ["ada", "ben", "cas", "dri", "next-dri"];
const CALL = { agent: "agent", action: "action", base: null, dri: DRI };

const voteOf = (member: string, known: Partial<StandingVote> = {}): StandingVote => ({
  verdict: "approve",
  member,
  person: member,
  disabled: false,
  roles: ["reviewer"],
  answersFor: [member],
  tied: [member],
  driLately: [],
  ...known,
});

const approvalOf = (known: Partial<StandingApproval> = {}): StandingApproval => ({
  id: "approval",
  agent: "agent",
  decision: "decision",
  action: "action",
  state: "approved",
  expiresAt: NOW + 1,
  expiresIso: "",
  band: "high",
  quorum: 2,
  approverRole: "reviewer",
  separationOfDuties: true,
  driAtRequest: DRI,
  note: null,
  actionRef: null,
  base: null,
  baseMoved: false,
  shown: null,
  usableAt: NOW,
  votes: [voteOf(ADA), voteOf(BEN)],
  ...known,
});

const fault = (known: Partial<StandingApproval>, dri = DRI) => faultOf(approvalOf(known), { ...CALL, dri }, NOW);

test("two independent people are enough, for this agent and this action until it expires", () => {
  expect(fault({})).toBeNull();
  expect(faultOf(undefined, CALL, NOW)).toBe("approval_not_found");
  expect(fault({ agent: "other" })).toBe("approval_not_found");
  expect(fault({ action: "other" })).toBe("approval_action_mismatch");
  expect(fault({ expiresAt: NOW })).toBe("approval_expired");
  expect(fault({ usableAt: NOW + 1 })).toBe("approval_waiting");
  expect(fault({ usableAt: null })).toBe("approval_waiting");
  expect(fault({ base: "other" })).toBe("approval_base_moved");
  expect(fault({ votes: null })).toBe("quorum_lost");
});

test.each([
  ["waiting", "approval_waiting"],
  ["denied", "approval_denied"],
  ["returned", "approval_denied"],
  ["expired", "approval_expired"],
  ["withdrawn", "approval_withdrawn"],
  ["superseded", "approval_superseded"],
  ["consumed", "approval_consumed"],
] as const)("an approval that is %s cannot be used: %s", (state, expected) => {
  expect(fault({ state })).toBe(expected);
});

describe("a vote counts for nothing", () => {
  test.each<[string, Partial<StandingVote>]>([
    ["of a disabled account", { disabled: true }],
    ["of somebody who lost the role", { roles: ["viewer"] }],
    ["of the same person's other account", { person: ADA }],
    ["of somebody who stood in for the DRI", { answersFor: [BEN, DRI] }],
    ["of somebody who stood in for the other voter", { answersFor: [BEN, ADA] }],
    ["of somebody who is tied to the other voter", { tied: [BEN, CAS, ADA] }],
    ["of somebody who was the DRI lately", { driLately: [BEN, DRI] }],
    ["of somebody who stood in for a late DRI", { answersFor: [BEN, CAS], driLately: [CAS, DRI] }],
  ])("%s", (_whose, known) => {
    expect(fault({ votes: [voteOf(ADA), voteOf(BEN, known)] })).toBe("quorum_lost");
    // A third person makes it two again.
    expect(fault({ votes: [voteOf(ADA), voteOf(BEN, known), voteOf(CAS)] })).toBeNull();
  });

  test("of the DRI now and the DRI then", () => {
    expect(fault({ votes: [voteOf(ADA), voteOf(DRI)] }, NEXT_DRI)).toBe("quorum_lost");
    expect(fault({ votes: [voteOf(ADA), voteOf(NEXT_DRI)] }, NEXT_DRI)).toBe("quorum_lost");
    expect(fault({ separationOfDuties: false, votes: [voteOf(ADA), voteOf(DRI)] })).toBeNull();
  });

  test("of two who stood in for the same person", () => {
    const votes = [ADA, BEN].map((member) => voteOf(member, { answersFor: [member, CAS] }));
    expect(fault({ votes })).toBe("quorum_lost");
  });

  test("beside any that does not approve", () => {
    expect(fault({ votes: [voteOf(ADA), voteOf(BEN), voteOf(CAS, { verdict: "deny" })] })).toBe("quorum_lost");
  });
});

describe("one person is enough where one is asked for", () => {
  const lately = voteOf(ADA, { driLately: [ADA, DRI] });

  test("and not for a Critical action", () => {
    expect(fault({ quorum: 1, votes: [voteOf(ADA)] })).toBeNull();
    expect(fault({ quorum: 1, band: "critical", votes: [voteOf(ADA)] })).toBe("quorum_lost");
  });

  test("also a late DRI, unless duties are separated or two are needed", () => {
    expect(fault({ quorum: 1, separationOfDuties: false, votes: [lately] })).toBeNull();
    expect(fault({ quorum: 1, separationOfDuties: true, votes: [lately] })).toBe("quorum_lost");
    expect(fault({ quorum: 2, separationOfDuties: false, votes: [lately, voteOf(BEN)] })).toBe("quorum_lost");
    const critical = { quorum: 1, band: "critical", separationOfDuties: false } as const;
    expect(fault({ ...critical, votes: [lately, voteOf(BEN)] })).toBe("quorum_lost");
  });
});

test("a vote that does not count itself makes nobody else's worthless", () => {
  const ties = [ADA, BEN];
  const votes = [voteOf(ADA, { disabled: true, tied: ties }), voteOf(BEN, { tied: ties }), voteOf(CAS)];
  expect(fault({ votes })).toBeNull();
});
