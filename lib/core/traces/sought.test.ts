import { expect, test } from "vitest";

import { readSought } from "./sought";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

test.each([
  [TRACE, "trace", TRACE],
  [` ${TRACE.toUpperCase()}\n`, "trace", TRACE],
  [`00-${TRACE}-b7ad6b7169203331-01`, "trace", TRACE],
  [`"${TRACE}"`, "trace", TRACE],
  ["b7ad6b7169203331", "span", "b7ad6b7169203331"],
  ["01A22B7B-3C58-769D-9DE9-A76C194518F9", "decision", "01a22b7b-3c58-769d-9de9-a76c194518f9"],
  ["Ticket 88322", "run", "Ticket 88322"],
  ["b7ad6b716920333", "run", "b7ad6b716920333"],
])("%j is a %s", (text, kind, value) => {
  expect(readSought(text)).toEqual({ kind, value });
});

test("nothing is looked for in nothing", () => {
  expect([readSought(""), readSought("  \n"), readSought('""')].map((sought) => sought?.value ?? null)).toEqual([
    null,
    null,
    null,
  ]);
});
