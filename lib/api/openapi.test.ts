import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";

import { openApi } from "./openapi";
import { operations } from "./operations";

describe("openApi", () => {
  test("describes every operation that is served, as valid OpenAPI 3.1", async () => {
    const document = openApi(operations, "0.0.0");
    const result = await new Validator().validate({ ...document });
    expect(result).toMatchObject({ valid: true });
    expect(Object.keys(document)).toContain("paths");
  });

  test("names each operation once", () => {
    const names = operations.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test("every parameter of a path is declared", () => {
    for (const { path, params } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const sample = Object.fromEntries(inPath.map((name) => [name, "x"]));
      const issues = params?.safeParse(sample).error?.issues ?? [];
      expect({ path, undeclared: inPath.length > 0 && params === undefined }).toEqual({ path, undeclared: false });
      expect(issues.filter(({ code }) => code === "unrecognized_keys")).toEqual([]);
    }
  });
});
