import { describe, expect, test } from "vitest";

import { type DecidedCall, type ExecutedCall, joinCalls } from "./join";

const at = (seconds: number) => new Date(Date.UTC(2026, 3, 10) + seconds * 1_000);

const CALL: ExecutedCall = {
  key: "c",
  traceId: "T",
  eventId: "E",
  parentEventId: "P",
  agentId: "a",
  tool: "t",
  run: "r",
  callId: "1",
  argsDigest: "d",
  claimedDecision: null,
  startedAt: at(60),
};
const DECISION: DecidedCall = {
  decisionId: "D",
  agentId: "a",
  tool: "t",
  run: "r",
  callId: "1",
  argsDigest: "d",
  decidedAt: at(50),
  trace: null,
  isTaken: false,
};
const met = (call: Partial<ExecutedCall>, ...decisions: Partial<DecidedCall>[]) => {
  const [join] = joinCalls(
    [{ ...CALL, ...call }],
    decisions.map((decision) => ({ ...DECISION, ...decision })),
  );
  return join?.decisionId === null ? null : `${join?.decisionId} by ${join?.joinedBy}`;
};

describe("joinCalls", () => {
  test("takes the decision that a call names, whatever its run and time", () => {
    expect(met({ claimedDecision: "D", run: null, callId: null, startedAt: at(90_000) }, {})).toBe("D by decision_id");
  });

  test.each([
    ["another agent's", { agentId: "b" }],
    ["another tool's", { tool: "u" }],
    ["for other arguments", { argsDigest: "e" }],
    ["of another call already", { isTaken: true }],
  ])("does not believe a call that names a decision %s", (_what, decision) => {
    expect(met({ claimedDecision: "D" }, decision)).toBeNull();
  });

  test("finds it by run, call, tool and arguments, as far as telemetry has them", () => {
    expect(met({}, {})).toBe("D by call");
    expect(met({ argsDigest: null }, {})).toBe("D by call");
    expect(met({ callId: null }, { callId: "9" })).toBe("D by call");
    expect(met({ callId: null, argsDigest: null }, {})).toBeNull();
    expect(met({ callId: "2" }, {})).toBeNull();
    expect(met({ run: null }, {})).toBeNull();
    expect(met({ argsDigest: "e" }, {})).toBeNull();
  });

  test("finds it by where it was asked from, if that says which call it is", () => {
    const from = (spanId: string, traceId = "T") => ({ trace: { traceId, spanId } });
    const bare = { run: null, callId: null, argsDigest: null };
    expect(met(bare, from("E"))).toBe("D by traceparent");
    expect(met(bare, from("P"))).toBe("D by traceparent");
    expect(met(bare, from("X"))).toBeNull();
    expect(met({ ...bare, argsDigest: "d" }, from("X"))).toBe("D by traceparent");
    expect(met({ ...bare, argsDigest: "d" }, from("E", "U"))).toBeNull();
    expect(met({ ...bare, parentEventId: null }, from("P"))).toBeNull();
  });

  test.each([
    ["another agent's", { agentId: "b" }],
    ["another tool's", { tool: "u" }],
    ["for other arguments", { argsDigest: "e" }],
    ["of another call already", { isTaken: true }],
    ["from long before", { decidedAt: at(60 - 3_601) }],
  ])("does not believe a header that leads to a decision %s", (_what, decision) => {
    const trace = { traceId: "T", spanId: "E" };
    expect(met({ run: null, callId: null }, { trace, ...decision })).toBeNull();
  });

  test("gives a decision to the span that asked for it before one beside it, and to a claim before both", () => {
    const trace = { traceId: "T", spanId: "E" };
    const beside = { ...CALL, key: "beside", eventId: "F", parentEventId: "E", startedAt: at(51) };
    expect(joinCalls([beside, CALL], [{ ...DECISION, trace }]).map(({ joinedBy }) => joinedBy)).toEqual([
      null,
      "traceparent",
    ]);
    const claims = { ...CALL, key: "claims", eventId: "G", claimedDecision: "D" };
    expect(joinCalls([CALL, claims], [{ ...DECISION, trace }]).map(({ joinedBy }) => joinedBy)).toEqual([
      null,
      "decision_id",
    ]);
  });

  test("looks no further than the window, and takes the nearest in it", () => {
    expect(met({}, { decidedAt: at(60 - 3_601) })).toBeNull();
    expect(met({}, { decidedAt: at(60 + 301) })).toBeNull();
    expect(met({}, { decidedAt: at(10) }, { decisionId: "E", decidedAt: at(59) })).toBe("E by call");
  });

  test("lets one decision allow one call, and the one that names it first", () => {
    const calls = [CALL, { ...CALL, key: "named", claimedDecision: "D" }];
    expect(joinCalls(calls, [DECISION])).toEqual([
      { key: "c", decisionId: null, joinedBy: null, differsFrom: null },
      { key: "named", decisionId: "D", joinedBy: "decision_id", differsFrom: null },
    ]);
  });

  describe("says from which decision a call differs in its arguments", () => {
    const differs = (call: Partial<ExecutedCall>, ...decisions: Partial<DecidedCall>[]) =>
      joinCalls(
        [{ ...CALL, argsDigest: "e", ...call }],
        decisions.map((decision) => ({ ...DECISION, ...decision })),
      )[0];
    const FROM_D = { key: "c", decisionId: null, joinedBy: null, differsFrom: "D" };

    test.each([
      ["that it names", { claimedDecision: "D", run: null, callId: null }, {}],
      ["that was asked for from its span", { run: null, callId: null }, { trace: { traceId: "T", spanId: "E" } }],
      ["of its run and call id", {}, {}],
    ])("the one %s", (_what, call, decision) => {
      expect(differs(call, decision)).toEqual(FROM_D);
    });

    test.each([
      ["that allowed these very arguments", { argsDigest: "d" }, {}],
      ["where telemetry has no arguments", { argsDigest: null, callId: "2" }, {}],
      ["where the decision's are erased", {}, { argsDigest: null, callId: "2" }],
      ["of another tool", {}, { tool: "u" }],
      ["of another agent", {}, { agentId: "b" }],
      ["of another call id", { callId: "2" }, {}],
      ["without anything that says which", { callId: null }, {}],
      ["that another call ran on", {}, { isTaken: true }],
    ])("not one %s", (_what, call, decision) => {
      expect(differs(call, decision)?.differsFrom).toBeNull();
    });

    test("not one that allowed another call of the same batch", () => {
      const allowed = { ...CALL, key: "allowed", claimedDecision: "D" };
      const other = { ...CALL, argsDigest: "e" };
      expect(joinCalls([other, allowed], [DECISION])[0]?.differsFrom).toBeNull();
    });
  });
});
