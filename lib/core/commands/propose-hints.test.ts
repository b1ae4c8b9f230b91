import { expect, test } from "vitest";

import { contentHints } from "./content-hints";
import { proposalText, proposeHints } from "./propose-hints";

const text = { type: "string" };

test("free text is told of, with what the catalogue could say of it", () => {
  const schema = {
    type: "object",
    properties: {
      cmd: text,
      sql: text,
      path: text,
      baseUrl: text,
      payload: text,
      status: text,
      mode: { type: "string", enum: ["a"] },
      command: { type: "string", "x-interlock-content": "shell" },
      nested: { type: "object", properties: { script: text } },
    },
  };
  expect(proposeHints(schema)).toEqual([
    { argument: "cmd", hint: "shell" },
    { argument: "sql", hint: "sql:postgres" },
    { argument: "path", hint: "path" },
    { argument: "baseUrl", hint: "url" },
    { argument: "payload", hint: null },
    { argument: "script", hint: "shell" },
  ]);
  expect(proposalText(proposeHints(schema))).toContain("`sql` may be `sql:<dialect>`");
  expect(proposalText([])).toBeNull();
});

test("hints are gathered from anywhere in a schema, by folded name", () => {
  const hints = contentHints({
    type: "object",
    "x-interlock-content": "sql:postgresql",
    properties: { jobText: { type: "string", "x-interlock-content": "shell" } },
    allOf: [{ properties: { q: { "x-interlock-content": "sql:mysql" } } }],
  });
  expect([...hints.shell, hints.sql.get("q"), hints.dialect]).toEqual(["jobtext", "mysql", "postgres"]);
});
