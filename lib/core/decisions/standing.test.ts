import { describe, expect, test } from "vitest";

import { SECONDS, standingApproval, standingVote } from "@/lib/testing/standing";

import { APPROVAL_FAULTS, type ApprovalFault } from "./facts";
import { faultOf, type NamingCall, type StandingApproval } from "./standing";

const CALL: NamingCall = { agent: "agent-1", action: "action-1", base: null, dri: "dri" };

const faultWith = (approval: Partial<StandingApproval>, call: Partial<NamingCall> = {}, seconds = SECONDS) =>
  faultOf(standingApproval(approval), { ...CALL, ...call }, seconds);

type Row = readonly [
  name: string,
  approval: Partial<StandingApproval>,
  call: Partial<NamingCall>,
  fault: ApprovalFault | null,
];

const FAULTS: readonly Row[] = [
  ["approved by one reviewer", {}, {}, null],
  ["of another agent", {}, { agent: "agent-2" }, "approval_not_found"],
  ["for another action", {}, { action: "action-2" }, "approval_action_mismatch"],
  ["used before", { state: "consumed" }, {}, "approval_consumed"],
  ["denied", { state: "denied" }, {}, "approval_denied"],
  ["returned", { state: "returned" }, {}, "approval_denied"],
  ["marked expired", { state: "expired" }, {}, "approval_expired"],
  ["past its time, and still called approved", { expiresAt: SECONDS - 1 }, {}, "approval_expired"],
  ["at the very end of its time", { expiresAt: SECONDS }, {}, "approval_expired"],
  ["past its time while it waits", { state: "waiting", expiresAt: SECONDS - 1 }, {}, "approval_expired"],
  ["with a time that is not a number", { expiresAt: Number.NaN }, {}, "approval_expired"],
  ["withdrawn", { state: "withdrawn" }, {}, "approval_withdrawn"],
  ["superseded", { state: "superseded" }, {}, "approval_superseded"],
  ["waiting", { state: "waiting" }, {}, "approval_waiting"],
  ["approved and still to be taken back", { usableAt: SECONDS + 1 }, {}, "approval_waiting"],
  ["usable from this very moment", { usableAt: SECONDS }, {}, null],
  ["approved without a grant", { usableAt: null }, {}, "approval_waiting"],
  ["with a grant whose time is not a number", { usableAt: Number.NaN }, {}, "approval_waiting"],
  ["on the data that was shown", { base: "b1" }, { base: "b1" }, null],
  ["on data that moved", { base: "b1" }, { base: "b2" }, "approval_base_moved"],
  ["on data the call does not name", { base: "b1" }, { base: null }, "approval_base_moved"],
  ["without data, for a call that names some", { base: null }, { base: "b2" }, null],
  ["whose quorum is lost before its data moved", { base: "b1", votes: [] }, { base: "b2" }, "quorum_lost"],
];

describe("an approval", () => {
  test.each(FAULTS)("%s", (_name, approval, call, fault) => {
    expect(faultWith(approval, call)).toBe(fault);
  });

  test("that is not there", () => {
    expect(faultOf(undefined, CALL, SECONDS)).toBe("approval_not_found");
  });

  test("has every fault somewhere in this table", () => {
    const found = new Set(FAULTS.map(([, , , fault]) => fault));
    expect(APPROVAL_FAULTS.filter((fault) => !found.has(fault))).toEqual([]);
  });

  test("of another agent says nothing about itself", () => {
    for (const [, approval] of FAULTS) expect(faultWith(approval, { agent: "agent-2" })).toBe("approval_not_found");
  });
});

describe("the quorum", () => {
  const [one, two] = [standingVote("reviewer-1"), standingVote("reviewer-2")];
  test.each<[string, Partial<StandingApproval>, Partial<NamingCall>, ApprovalFault | null]>([
    ["nobody's votes were read", { votes: null }, {}, "quorum_lost"],
    ["nobody voted", { votes: [] }, {}, "quorum_lost"],
    ["one of two", { quorum: 2 }, {}, "quorum_lost"],
    ["two of two", { quorum: 2, votes: [one, two] }, {}, null],
    ["one person with two accounts", { quorum: 2, votes: [one, { ...one, answersFor: ["other"] }] }, {}, "quorum_lost"],
    ["one for a critical call that asks for one", { band: "critical" }, {}, "quorum_lost"],
    ["two for a critical call that asks for one", { band: "critical", votes: [one, two] }, {}, null],
    ["a disabled account", { votes: [{ ...one, disabled: true }] }, {}, "quorum_lost"],
    ["a disabled account beside a good one", { votes: [{ ...one, disabled: true }, two] }, {}, null],
    ["a role that was taken away", { votes: [{ ...one, roles: ["viewer"] }] }, {}, "quorum_lost"],
    ["another role than was asked for", { approverRole: "legal" }, {}, "quorum_lost"],
    ["an approval beside a denial", { votes: [one, { ...two, verdict: "deny" }] }, {}, "quorum_lost"],
    ["an approval beside a return", { votes: [one, { ...two, verdict: "return" }] }, {}, "quorum_lost"],
    [
      "a denial by a disabled account",
      { votes: [one, { ...two, verdict: "deny", disabled: true }] },
      {},
      "quorum_lost",
    ],
  ])("%s", (_name, approval, call, fault) => {
    expect(faultWith(approval, call)).toBe(fault);
  });

  test.each<[string, readonly string[], string, boolean, ApprovalFault | null]>([
    ["who answered for the agent when it asked", ["reviewer-1", "dri"], "dri-now", true, "quorum_lost"],
    ["who answers for the agent now", ["reviewer-1", "dri-now"], "dri-now", true, "quorum_lost"],
    ["who stood in for somebody else", ["reviewer-1", "somebody"], "dri-now", true, null],
    ["who answers for the agent, where duties are not separated", ["dri", "dri-now"], "dri-now", false, null],
  ])("a person %s", (_name, answersFor, dri, separationOfDuties, fault) => {
    const votes = [standingVote("reviewer-1", { answersFor })];
    expect(faultWith({ votes, separationOfDuties, driAtRequest: "dri" }, { dri })).toBe(fault);
  });
});
