import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { z } from "zod";

import type { Json, JsonObject } from "@/lib/core/shared/json";

import { createValidators } from "./validators";

/** A folder as the official JSON Schema Test Suite has it: one folder a draft, one file a keyword; `npm test` finds or installs it. */
const SUITE = inject("schemaSuite");
const DRAFTS = [
  { folder: "draft7", $schema: "http://json-schema.org/draft-07/schema#" },
  { folder: "draft2019-09", $schema: "https://json-schema.org/draft/2019-09/schema" },
  { folder: "draft2020-12", $schema: "https://json-schema.org/draft/2020-12/schema" },
];

const Group = z.object({
  description: z.string(),
  schema: z.custom<Json>(),
  tests: z.array(z.object({ description: z.string(), data: z.custom<Json>(), valid: z.boolean() })),
});

type Tally = { agreed: number; unusable: number; wrong: string[] };

function judge(folder: string, $schema: string): Tally {
  const validators = createValidators();
  const tally: Tally = { agreed: 0, unusable: 0, wrong: [] };
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    for (const group of z.array(Group).parse(JSON.parse(readFileSync(path.join(folder, file), "utf8")))) {
      if (typeof group.schema === "boolean") continue;
      const validator = validators.of({ $schema, ...(group.schema as JsonObject) }); // only booleans are no objects
      for (const { description, data, valid } of group.tests) {
        const { kind } = validator.check(data);
        if (kind === "unusable") tally.unusable += 1;
        else if ((kind === "valid") === valid) tally.agreed += 1;
        else tally.wrong.push(`${file}: ${group.description}: ${description}: must be ${valid ? "valid" : "invalid"}`);
      }
    }
  }
  return tally;
}

describe.skipIf(!existsSync(SUITE))("the official test suite", () => {
  test.each(DRAFTS)("accepts nothing that $folder refuses, and refuses nothing it accepts", ({ folder, $schema }) => {
    const { agreed, unusable, wrong } = judge(path.join(SUITE, folder), $schema);

    expect(wrong).toEqual([]);
    // The rest fetches schemas, resolves references at run time, or is refused with the reason.
    expect(agreed).toBeGreaterThan(unusable * 4);
  });

  test.each(DRAFTS)("asserts the formats of $folder", ({ folder, $schema }) => {
    const { agreed, unusable, wrong } = judge(path.join(SUITE, folder, "optional/format"), $schema);

    expect(wrong).toEqual([]);
    expect(unusable).toBe(0);
    expect(agreed).toBeGreaterThan(400);
  });

  test.each(DRAFTS)("reads the patterns of $folder as ECMA-262", ({ folder, $schema }) => {
    const { agreed, wrong } = judge(path.join(SUITE, folder, "optional"), $schema);

    expect(wrong.filter((line) => line.startsWith("ecmascript-regex"))).toEqual([]);
    expect(agreed).toBeGreaterThan(90);
  });
});
