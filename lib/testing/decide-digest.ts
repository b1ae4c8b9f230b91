import { createHash } from "node:crypto";

import fc from "fast-check";

import { decide } from "@/lib/core/decisions/decide";
import { compile } from "@/lib/core/manifests/compile";
import { createValidators } from "@/lib/core/tools/validators";

import { anyCall, anyFacts } from "./arbitrary-calls";
import { anyCatalogue, anyManifest } from "./arbitrary-policies";

// A program of its own, so that it can be run under another clock and language: decides what a seed makes, in whichever
// order it is told, and prints one digest of all the answers.

const [seed = "1", runs = "300", order = "forwards"] = process.argv.slice(2);
const worlds = fc.sample(
  fc.tuple(anyManifest, anyCatalogue, fc.array(fc.tuple(anyCall, anyFacts), { minLength: 10, maxLength: 20 })),
  {
    seed: Number(seed),
    numRuns: Number(runs),
  },
);
const shared = createValidators();
const numbered = worlds.map((world, index) => ({ world, index }));
const answers = (order === "backwards" ? numbered.toReversed() : numbered).map(
  ({ world: [manifest, catalogue, calls], index }) => {
    const tools = new Map(order === "backwards" ? [...catalogue].toReversed() : catalogue);
    const compiled = compile({
      manifest,
      version: 1,
      hash: "h",
      catalogue: tools,
      validators: order === "backwards" ? createValidators() : shared,
    });
    return { index, decided: calls.map(([call, facts]) => decide(compiled, call, facts)) };
  },
);
const text = JSON.stringify(answers.toSorted((a, b) => a.index - b.index));
process.stdout.write(createHash("sha256").update(text).digest("hex"));
