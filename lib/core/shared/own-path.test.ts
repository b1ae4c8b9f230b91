import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { ownPath } from "./own-path";

describe("ownPath", () => {
  test.each(["/", "/approvals", "/agents/a%2Fb/manifest?version=3#L27", "/decisions?verdict=deny&from=now-7d"])(
    "keeps %s",
    (path) => {
      expect(ownPath(path)).toBe(path);
    },
  );

  test.each([
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%0d%0aLocation:/..\r\n//evil",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "evil.example",
    "@evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/./\\evil.example",
    "",
    null,
    undefined,
  ])("refuses %j", (raw) => {
    expect(ownPath(raw)).toBe("/");
  });

  test("stays on the own origin for any text", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "evil.example",
      "%2f",
      "%5c",
      "@",
      ":",
      "?",
      "#",
      "\t",
      "http",
      "a",
      "\u3002",
      "／",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = ownPath(pieces.join(""));
        expect(new URL(path, "https://interlock.example").origin).toBe("https://interlock.example");
        expect(path.startsWith("/") && !path.startsWith("//")).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
