import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { JsonObject } from "@/lib/core/shared/json";

import { ApproveGroupInput, combineArgs, groupFault, groupKey, shapeOf } from "./group";
import { grouped } from "./grouped";

const like = (args: JsonObject | null, change: object = {}) =>
  groupKey({ id: "1", agentId: "a", tool: "send", manifestVersion: 1, rule: "r", args, ...change });

describe("what is alike", () => {
  test("is the same agent, rule, tool and shape, whatever the values and however long the lists", () => {
    expect(like({ to: ["a"], n: { x: 1 } })).toBe(like({ n: { x: "two" }, to: ["b", "c"] }));
    expect(shapeOf({ to: ["b", "c"], "a/b": 1 })).toEqual(["/a~1b", "/to/*"]);
  });

  test("is nothing else", () => {
    const one = like({ to: "a" });
    for (const other of [
      like({ to: "a", cc: "b" }),
      like({ to: ["a"] }),
      like({ to: { a: 1 } }),
      like({ to: "a" }, { agentId: "b" }),
      like({ to: "a" }, { rule: "other" }),
      like({ to: "a" }, { rule: null }),
      like({ to: "a" }, { manifestVersion: 2 }),
      like({ to: "a" }, { tool: "delete" }),
      like(null),
    ]) {
      expect(other).not.toBe(one);
    }
    expect(like(null)).not.toBe(like(null, { id: "2" }));
  });

  test("collapses where its first stands", () => {
    const items = ["a", "b", "a", "c", "b"].map((group, n) => ({ group, n }));
    expect(grouped(items).map((group) => group.map((one) => one.n))).toEqual([[0, 2], [1, 4], [3]]);
  });
});

test("combined arguments keep every value: what is the same once, what differs for each", () => {
  const value = fc.oneof(fc.integer(), fc.string({ maxLength: 5 }), fc.boolean());
  const args = fc.dictionary(fc.constantFrom("a", "b", "c"), value, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(args, { minLength: 2, maxLength: 5 }), (members) => {
      const { same, differs } = combineArgs(members);
      const paths = new Set(members.flatMap((one) => Object.keys(one)));
      const empty = members.some((one) => Object.keys(one).length === 0) ? 1 : 0;
      expect(same.length + differs.length).toBe(paths.size + empty);
      for (const { path, value: text } of same) {
        for (const one of members) expect(String(one[path.slice(1)] ?? "{}")).toBe(text.head);
      }
      for (const { values } of differs) expect(values).toHaveLength(members.length);
    }),
  );
});

describe("approving a group", () => {
  const id = (n: number) => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, "0")}`;
  const member = (n: number, band = "low") => ({ id: id(n), band, displayDigest: `d${n}` });
  const sent = (count: number, said = count) =>
    ApproveGroupInput.parse({
      approvals: Array.from({ length: count }, (_, n) => ({ approval_id: id(n), display_digest: `d${n}` })),
      count: said,
    });
  const members = (count: number) => Array.from({ length: count }, (_, n) => member(n));
  const all = new Set(members(60).map((one) => one.id));

  test("takes the whole of a small, Low group of which every member was shown", () => {
    expect(groupFault(sent(3), members(3), all)).toBeNull();
    expect(groupFault(sent(3), members(3), null)).toBeNull();
    expect(groupFault(sent(3), members(3), new Set([id(0)]))).toBe("not_expanded");
  });

  test("T16 a batch of 51, a stale count, a member that changed or came meanwhile are refused", () => {
    expect(groupFault(sent(51), members(51), all)).toBe("group_too_large");
    expect(groupFault(sent(6), members(6), all)).toBe("group_too_large");
    expect(groupFault(sent(3, 4), members(3), all)).toBe("stale_count");
    expect(groupFault(sent(3), members(4), all)).toBe("stale_count");
    expect(groupFault(sent(4), members(3), all)).toBe("not_one_group");
    expect(groupFault(sent(3), [member(0), member(1), { ...member(2), displayDigest: "other" }], all)).toBe(
      "stale_view",
    );
  });

  test("never from Elevated up", () => {
    for (const band of ["elevated", "high", "critical"]) {
      expect(groupFault(sent(2), [member(0), member(1, band)], all)).toBe("band_too_high");
    }
  });
});
