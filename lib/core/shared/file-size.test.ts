import { expect, test } from "vitest";

import { tooLargeText } from "./file-size";

const MIB = 1024 * 1024;

test.each([
  [0, 10 * MIB, ""],
  [10 * MIB, 10 * MIB, ""],
  [10 * MIB + 1, 10 * MIB, "The file has 10.1 MB. At most 10 MB can be sent."],
  [30 * MIB, 10 * MIB, "The file has 30 MB. At most 10 MB can be sent."],
  [2_000 * MIB, 10 * MIB, "The file has 2,000 MB. At most 10 MB can be sent."],
  [900_001, 900_000, "The file has 900.1 kB. At most 900 kB can be sent."],
])("a file of %i bytes, where %i may be sent, is told %j", (size, most, text) => {
  expect(tooLargeText(size, most)).toBe(text);
});
