import { describe, expect, test } from "vitest";

import type { JsonObject } from "@/lib/core/shared/json";

import { loosens } from "./loosening";

const tool = (argument: JsonObject, more: JsonObject = {}) =>
  ({
    reversibility: "reversible",
    blastRadius: "low",
    scopeArgument: null,
    hints: null,
    argsSchema: { type: "object", properties: { text: { type: "string", ...argument } }, ...more },
  }) as const;
const hint = (content: string) => ({ "x-interlock-content": content });

describe("what a schema says of an argument", () => {
  test.each(["shell", "path", "url", "id", "rows", "sql", "sql:postgres"])("is not taken back alone: %s", (content) => {
    expect(loosens(tool(hint(content)), tool({}))).toBe(true);
    expect(loosens(tool({}), tool(hint(content)))).toBe(false);
    expect(loosens(tool(hint(content)), tool({ ...hint(content), description: "more of it" }))).toBe(false);
  });

  test("names no other dialect alone", () => {
    expect(loosens(tool(hint("sql:postgres")), tool(hint("sql:sqlite")))).toBe(true);
    expect(loosens(tool(hint("sql")), tool(hint("sql:postgres")))).toBe(true);
    expect(loosens(tool({}), tool({}, hint("sql:postgres")))).toBe(true);
  });
});
