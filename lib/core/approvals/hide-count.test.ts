import { expect, test } from "vitest";

import { withoutNumber } from "./hide-count";

test.each([
  ["3 rows, where 99 of 100 calls touch at most 1", 3, "… rows, where 99 of 100 calls touch at most 1"],
  ["2 of 3 selected rows are outside", 3, "2 of … selected rows are outside"],
  ["It changes 1,214 rows; 1214 at most.", 1_214, "It changes … rows; … at most."],
  ["33 rows, $3, v3, 3.5 and 1,3 stay", 3, "33 rows, $3, v3, 3.5 and 1,3 stay"],
  ["at level 3 (Routine autonomy), manifest line 3", 3, "at level 3 (Routine autonomy), manifest line 3"],
  ["It touches 3.", 3, "It touches …."],
])("%j without %i", (text, number, expected) => {
  expect(withoutNumber(text, number)).toBe(expected);
});
