import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { prepareTool } from "./register";
import { RegisterToolInput } from "./schema";
import { createValidators } from "./validators";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const validators = createValidators();
const prepare = (input: Record<string, unknown>) => prepareTool(sha256Hex, RegisterToolInput.parse(input), validators);
const hashOf = (input: Record<string, unknown>) => {
  const prepared = prepare(input);
  return prepared.ok ? prepared.tool.hash : prepared.faults;
};

describe("prepareTool", () => {
  test("takes what is missing as the strictest", () => {
    expect(prepare({ name: "delete_all" })).toMatchObject({
      ok: true,
      tool: { reversibility: "irreversible", blastRadius: "high", status: "active", argsSchema: { type: "object" } },
    });
  });

  test("hashes the definition: every part of it, in any order, and nothing else (T30)", () => {
    const tool = {
      name: "t",
      description: "d",
      args_schema: { type: "object", title: "x" },
      reversibility: "read",
      blast_radius: "low",
    };

    expect(hashOf({ ...tool, owner: "somebody else", args_schema: { title: "x", type: "object" } })).toBe(hashOf(tool));
    expect(hashOf({ ...tool, dependency: "stripe.com" })).toBe(hashOf(tool));
    for (const change of [
      { name: "u" },
      { description: "d " },
      { args_schema: { type: "object" } },
      { result_schema: {} },
      { reversibility: "reversible" },
      { blast_radius: "none" },
      { scope_argument: "fields" },
    ]) {
      expect(hashOf({ ...tool, ...change })).not.toBe(hashOf(tool));
    }
  });

  test("says everything that is wrong with a definition", () => {
    const prepared = prepare({
      name: "delete all",
      args_schema: { $ref: "http://169.254.169.254/x" },
      result_schema: { type: "strin" },
    });

    expect(prepared).toMatchObject({
      ok: false,
      faults: [
        { code: "invalid_tool_name", path: "/name" },
        { code: "invalid_tool_schema", path: "/args_schema" },
        { code: "invalid_tool_schema", path: "/result_schema" },
      ],
    });
  });
});
