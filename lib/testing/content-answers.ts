import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import { decide } from "@/lib/core/decisions/decide";
import { Call, type Decision, type Facts } from "@/lib/core/decisions/schema";
import { compile, type CompiledManifest } from "@/lib/core/manifests/compile";
import { parseManifest } from "@/lib/core/manifests/parse";
import type { JsonObject } from "@/lib/core/shared/json";
import { type BlastRadius, type Reversibility, uncatalogued } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";
import { readSql } from "@/lib/platform/sql-reader";

/** What a call of the tests about commands, statements, paths and hosts meets. */
export type Given = {
  /** What the manifest says of the tool beside its name. */
  readonly entry?: JsonObject;
  /** What it says beside the tools. */
  readonly manifest?: JsonObject;
  readonly tool?: string;
  readonly schema?: JsonObject;
  readonly reads?: boolean;
  /** Its class, where it is another than reversible with low blast radius. */
  readonly class?: { readonly reversibility: Reversibility; readonly blastRadius: BlastRadius };
};

/** A freeze over the moment of these tests that lets reads pass. */
export const FREEZE = {
  name: "f",
  from: "2026-01-01T00:00:00Z",
  to: "2036-01-01T00:00:00Z",
  except_reads: true,
  decide: "deny",
};

const validators = createValidators();

const FACTS: Facts = {
  now: new Date("2026-11-01T00:00:00Z"),
  workspace: { stopped: false, readsOnly: false },
  agent: { handle: "agent", status: "active", environment: "staging", level: 4 },
  run: FIRST_CALL,
  history: null,
  tallies: new Proxy({}, { get: () => 0, has: () => true }),
  reach: null,
  readings: null,
};

const compiled = new Map<string, CompiledManifest>();

/** The policy that these terms make; compiled once, since the tests ask it much. */
function policyOf(given: Given): CompiledManifest {
  const key = JSON.stringify(given);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { entry = {}, manifest = {}, tool = "run", schema = { type: "object" }, reads = false } = given;
  const text = JSON.stringify({ agent: { id: "agent" }, tools: { allowed: [{ name: tool, ...entry }] }, ...manifest });
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join("; "));
  const definition = {
    ...uncatalogued(tool),
    argsSchema: schema,
    reversibility: reads ? ("read" as const) : ("reversible" as const),
    blastRadius: "low" as const,
    ...given.class,
  };
  const catalogue = new Map([[tool, definition]]);
  const made = compile({ manifest: parsed.manifest, version: 1, hash: "h", catalogue, validators, readSql });
  compiled.set(key, made);
  return made;
}

/** What the engine answers to a tool's call at the highest level, where nothing but its arguments can hold it. */
export function answerTo(args: JsonObject, given: Given = {}): Decision {
  const call = Call.parse({ session_id: "s", run_id: "r", tool: given.tool ?? "run", args });
  return decide(policyOf(given), call, FACTS);
}
