import { describe, expect, test } from "vitest";

import { describeEntry, subjectsOf } from "./describe";

const ID = "01a1f969-ec82-7231-ad38-22814f035099";

describe("a ledger entry on one line", () => {
  test.each([
    ["decision", { verdict: "deny", tool: "rm", rule: null }, "deny · rm"],
    [
      "outcome",
      { outcome: "failed_validation", claimed: "success", decision: ID },
      "failed_validation · claimed success",
    ],
    [
      "agent.level",
      { details: { agent: "a-1", from: 1, to: 2, reason: "It behaved." } },
      "a-1 · It behaved. · from 1 · to 2",
    ],
    [
      "tool.register",
      { details: { hash: "ab".repeat(32), tool: "send", status: "active", previous_hash: null } },
      "send · active",
    ],
    [
      "member.create",
      { details: { member: ID, roles: ["viewer", "admin"], password: true } },
      "roles viewer, admin · password yes",
    ],
    ["odd.entry", { details: "text" }, ""],
  ])("%s", (kind, body, line) => {
    expect(describeEntry(kind, body)).toBe(line);
  });

  test("points to what it is about", () => {
    expect(subjectsOf("approval.vote", { details: { approval_id: ID, decision_id: ID } })).toEqual({
      agent: null,
      approval: ID,
      decision: ID,
    });
    expect(subjectsOf("decision", { id: ID, agent: "a-1", approval: null })).toEqual({
      agent: "a-1",
      approval: null,
      decision: ID,
    });
    expect(subjectsOf("agent.level", { details: { agent: "a-1" } })).toEqual({
      agent: "a-1",
      approval: null,
      decision: null,
    });
  });
});
