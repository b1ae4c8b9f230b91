import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createValidators } from "@/lib/core/tools/validators";
import { compile } from "@/lib/core/manifests/compile";
import { anyCall, anyFacts } from "@/lib/testing/arbitrary-calls";
import { anyCatalogue, anyManifest } from "@/lib/testing/arbitrary-policies";
import { goldenSuites } from "@/lib/testing/golden-cases";
import { referenceDecide } from "@/lib/testing/reference-evaluator";

import { decide } from "./decide";

const validators = createValidators();

describe("decide and the reference evaluator", () => {
  test("agree about every random manifest and call (T39)", () => {
    fc.assert(
      fc.property(
        anyManifest,
        anyCatalogue,
        fc.array(fc.tuple(anyCall, anyFacts), { minLength: 20, maxLength: 40 }),
        (manifest, catalogue, calls) => {
          const compiled = compile({ manifest, version: 1, hash: "h", catalogue, validators });
          for (const [call, facts] of calls) {
            const { verdict, reasons } = decide(compiled, call, facts);
            const codes = [...new Set(reasons.map(({ code }) => code))].toSorted();
            const wanted = referenceDecide(manifest, catalogue, { call, facts });
            expect({ verdict, codes }).toEqual({ verdict: wanted.verdict, codes: [...new Set(wanted.codes)] });
          }
        },
      ),
      { numRuns: 250 },
    );
  });

  test("agree about the verdict of every golden case within the reference's part of the language", () => {
    const suites = goldenSuites().filter(({ file }) => ["support.json", "rows.json"].includes(file));
    for (const { manifest, catalogue, compiled, cases } of suites) {
      for (const { call, facts } of cases) {
        expect(referenceDecide(manifest, catalogue, { call, facts }).verdict).toBe(
          decide(compiled, call, facts).verdict,
        );
      }
    }
  });
});
