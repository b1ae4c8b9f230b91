import { describe, expect, test } from "vitest";

import { csvHeader, csvLine, jsonLine } from "./line";

const item = {
  id: "0190a0b0-0000-7000-8000-000000000001",
  kind: "agent.register",
  at: new Date("2026-01-15T12:00:00Z"),
  who: "=cmd|' /C calc'!A0",
  index: 4n,
  leaf_hash: "ab".repeat(32),
  body: { z: 1, a: "two\nlines" },
};

describe("an exported line", () => {
  test("is one canonical JSON object that parses back to the entry", () => {
    const line = jsonLine(item);
    expect(line).toBe(`{"entry":{"a":"two\\nlines","z":1},"index":4,"leaf_hash":"${"ab".repeat(32)}"}\n`);
    expect(JSON.parse(line)).toMatchObject({ entry: item.body, index: 4 });
    expect(JSON.parse(jsonLine({ ...item, index: null, leaf_hash: null }))).toMatchObject({
      index: null,
      leaf_hash: null,
    });
  });

  test("as CSV has the columns of the header and cannot be run as a formula", () => {
    expect(csvHeader()).toBe("index,leaf_hash,id,at,kind,who,entry\r\n");
    expect(csvLine(item)).toContain(",'=cmd|' /C calc'!A0,");
    expect(csvLine(item)).toMatch(/,"\{""a"":""two\\nlines"",""z"":1\}"\r\n$/);
  });
});
