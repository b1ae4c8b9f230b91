import { expect, test } from "vitest";

import { NOTHING_READ } from "@/lib/core/commands/read-call";
import { Call } from "@/lib/core/decisions/schema";
import type { Json } from "@/lib/core/shared/json";

import { compileSequences } from "./compile-tallies";

const sequence = {
  name: "retag",
  after: { tool: "create" },
  then: { tool: "retag" },
  bind: { after: "id", then: "id" },
  within: "run",
  decide: "deny",
} as const;

const keysOf = (tool: "create" | "retag", id?: Json) => {
  const call = Call.parse({ session_id: "s", run_id: "r", tool, args: id === undefined ? {} : { id } });
  const rules = compileSequences(tool, [{ sequence, rule: "sequences[0]", path: "/sequences/0" }]);
  return rules.flatMap((rule) => rule(call, NOTHING_READ)).map(({ key }) => key);
};

const meets = (first?: Json, second?: Json) => {
  const left = keysOf("create", first);
  return keysOf("retag", second).some((key) => left.includes(key));
};

test.each<[Json, Json]>([
  ["A", "A"],
  [7, "7"],
  ["Abc", "abc"],
  ["A", "A "],
  [["A"], "A"],
  ["A", ["A"]],
  [{ a: 1 }, "A"],
])("a bound sequence meets what may be the same: %j then %j", (first, second) => {
  expect(meets(first, second)).toBe(true);
});

test("a bound sequence lets another subject pass, and meets everybody where one side names nobody", () => {
  expect(meets("A", "B")).toBe(false);
  expect(meets(7, 8)).toBe(false);
  expect(meets("A", undefined)).toBe(true);
  expect(meets(undefined, "A")).toBe(true);
});
