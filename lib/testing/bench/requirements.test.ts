import { expect, test } from "vitest";

import { checksOf, ids, PARTS, REQUIREMENTS } from "./requirements";

const metOf = (...args: Parameters<typeof checksOf>) =>
  Object.fromEntries(checksOf(...args).map(({ id, met }) => [id, met]));

test("a limit is met on its own value, and missed beyond it on the wrong side", () => {
  expect(metOf({ casl: 3, tenfold: 1.5, live: 1.51, cedar: 49.9, oracle: 1 }, ["engine"])).toMatchObject({
    casl: "met",
    tenfold: "met",
    live: "missed",
    cedar: "missed",
    oracle: "missed",
  });
});

test("what could not be measured is neither met nor missed", () => {
  expect(metOf({ casl: null, cedar: Number.NaN }, ["engine"])).toMatchObject({
    casl: "not measured",
    cedar: "not measured",
    live: "not measured",
  });
});

test("an aim without a limit is never missed", () => {
  expect(metOf({ hotP99: 5 }, ["hot"])["hotP99"]).toBe("no limit");
});

test("only the parts that ran are checked, and every part has a requirement", () => {
  expect(checksOf({}, ["far"]).map(({ id }) => id)).toEqual(["far"]);
  expect(new Set(ids().map((id) => REQUIREMENTS[id].part))).toEqual(new Set(PARTS));
});

test("an aim is never weaker than its limit", () => {
  const weaker = ids().filter((id) => {
    const { sense, limit, aim } = REQUIREMENTS[id];
    if (limit === null || aim === null) return false;
    return sense === "at least" ? aim < limit : aim > limit;
  });
  expect(weaker).toEqual([]);
});
