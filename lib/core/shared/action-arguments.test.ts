import { expect, test } from "vitest";

import { areActionArguments } from "./action-arguments";

const parts = new Map([
  ["1", '[{"status":"idle"}]'],
  ["a", '"$b"'],
  ["b", '"$a"'],
  ["c", "{"],
]);
const readable = (text: string | null) => areActionArguments(text, (id) => parts.get(id) ?? null);

test.each([
  "[]",
  '[{"status":"idle"},"$K1"]',
  '["$undefined","$$1.50","$n12","$D2026-01-01T00:00:00.000Z","$-0"]',
  '["$1","$1:0:status","$@1"]',
  '["$a"]',
  '["text",1,null,true,[[{}]]]',
])("takes %s", (text) => expect(readable(text)).toBe(true));

test.each([
  null,
  "",
  "[",
  "{}",
  "null",
  '"x"',
  '["$F1"]',
  '["$Q1"]',
  '["$R1"]',
  '["$T"]',
  '["$D"]',
  '["$9"]',
  '["$c"]',
  `["$n${"9".repeat(1_000)}"]`,
  `${"[".repeat(100)}${"]".repeat(100)}`,
])("refuses %s", (text) => expect(readable(text)).toBe(false));
