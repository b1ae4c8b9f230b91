import { expect, test } from "vitest";

import { countHidden } from "@/lib/core/shared/visible-text";

import { MARKDOWN, MARKUP, UNSEEN } from "./markup";

test("the corpus is as large as it says and holds nothing twice", () => {
  expect(new Set(MARKUP).size).toBe(MARKUP.length);
  expect(MARKUP.length).toBeGreaterThan(3_000);
  expect(new Set(MARKDOWN).size).toBeGreaterThanOrEqual(41);
  expect(UNSEEN.every((text) => countHidden(text) > 0)).toBe(true);
});
