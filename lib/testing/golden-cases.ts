import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { AgentStatus, Environment, Level } from "@/lib/core/agents/schema";
import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import { Call, type Facts } from "@/lib/core/decisions/schema";
import { parseGuardrail } from "@/lib/core/guardrails/parse";
import type { Guardrail } from "@/lib/core/guardrails/schema";
import { compile, type CompiledManifest } from "@/lib/core/manifests/compile";
import { parseManifest } from "@/lib/core/manifests/parse";
import type { Manifest } from "@/lib/core/manifests/schema";
import { type CatalogueTool, RegisterToolInput, ToolStatus } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";
import { readSql } from "@/lib/platform/sql-reader";

const Run = z.strictObject({
  state: z.enum(["running", "halted", "ended"]).optional(),
  steps: z.int().optional(),
  elapsedSeconds: z.number().optional(),
  costMicros: z.int().optional(),
  refusals: z.int().optional(),
  sameCalls: z.int().optional(),
  failures: z.int().optional(),
  breaker: z.strictObject({ failures: z.int(), secondsSince: z.int(), isTrialOut: z.boolean() }).optional(),
  dependency: z
    .strictObject({
      name: z.string(),
      failures: z.int(),
      agents: z.int(),
      secondsSince: z.int(),
      trialSecondsAgo: z.int().nullable(),
      opensAt: z.int(),
      coolDownSeconds: z.int(),
    })
    .optional(),
  dayCostMicros: z.int().optional(),
  dayTokens: z.int().optional(),
  extraSteps: z.int().optional(),
});

const History = z.strictObject({
  uses: z.int(),
  rowsP99: z.int().nullable(),
  amountP99: z.number().nullable().default(null),
  approvedThenRolledBack: z.int(),
  approved: z.int(),
  targetSeen: z.boolean().nullable().default(true),
});

const Names = z.array(z.string()).default([]);
const ReachNames = z.strictObject({ environments: Names, hosts: Names, domains: Names, scopes: Names });

const Reading = z.strictObject({
  source: z.string(),
  subject: z.record(z.string(), z.string()),
  values: z.record(z.string(), z.number()),
});

const GivenFacts = z.strictObject({
  now: z.string().optional(),
  stopped: z.boolean().optional(),
  readsOnly: z.boolean().optional(),
  status: AgentStatus.optional(),
  level: Level.optional(),
  environment: Environment.optional(),
  run: Run.nullable().optional(),
  history: History.nullable().optional(),
  tallies: z.record(z.string(), z.int()).nullable().optional(),
  reach: ReachNames.nullable().optional(),
  readings: z.array(Reading).nullable().optional(),
});

/** One golden case: a call, what is known, and what must come of it. */
const GoldenCase = z.strictObject({
  name: z.string(),
  call: z.record(z.string(), z.unknown()),
  facts: GivenFacts.default({}),
  want: z.strictObject({
    verdict: z.string(),
    rule: z.string().nullable().optional(),
    codes: z.array(z.string()).optional(),
    paths: z.array(z.string()).optional(),
    message: z.string().optional(),
    notes: z.array(z.string()).optional(),
    band: z.string().optional(),
    factors: z.array(z.string()).optional(),
    reserveMicros: z.int().optional(),
    approval: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type GoldenCase = z.infer<typeof GoldenCase>;

const GoldenFile = z.strictObject({
  about: z.string(),
  manifest: z.array(z.string()),
  guardrail: z.array(z.string()).optional(),
  catalogue: z.array(RegisterToolInput.extend({ status: ToolStatus.default("active") })),
  agent: z.strictObject({ handle: z.string(), level: Level, environment: Environment }),
  now: z.string().default("2026-04-10T03:14:22Z"),
  history: History.nullable().default(null),
  run: Run.nullable().default(null),
  cases: z.array(GoldenCase),
});

/** A file of golden cases, ready to be decided. */
export type GoldenSuite = {
  readonly file: string;
  readonly manifest: Manifest;
  readonly guardrail: Guardrail | null;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  readonly compiled: CompiledManifest;
  readonly cases: readonly { readonly golden: GoldenCase; readonly call: Call; readonly facts: Facts }[];
};

const FOLDER = path.resolve(import.meta.dirname, "../core/decisions/cases");
const validators = createValidators();

/** Every suite under `lib/core/decisions/cases`. */
export function goldenSuites(): readonly GoldenSuite[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map(suiteOf);
}

function suiteOf(file: string): GoldenSuite {
  const golden = GoldenFile.parse(JSON.parse(readFileSync(path.join(FOLDER, file), "utf8")));
  const parsed = parseManifest(golden.manifest.join("\n"));
  if (!parsed.ok) throw new Error(`${file}: ${JSON.stringify(parsed.faults)}`);
  const catalogue = new Map(golden.catalogue.map((tool) => [tool.name, catalogued(tool)]));
  const { manifest } = parsed;
  const guardrail = golden.guardrail === undefined ? null : guardrailOf(file, golden.guardrail);
  const published = guardrail && { version: 1, hash: "golden", guardrail };
  return {
    file,
    manifest,
    guardrail,
    catalogue,
    compiled: compile({ manifest, guardrail: published, version: 1, hash: "golden", catalogue, validators, readSql }),
    cases: golden.cases.map((one) => ({
      golden: one,
      call: Call.parse({ session_id: "s-1", run_id: "r-1", ...one.call }),
      facts: factsOf(golden, one),
    })),
  };
}

function guardrailOf(file: string, lines: readonly string[]): Guardrail {
  const parsed = parseGuardrail(lines.join("\n"));
  if (!parsed.ok) throw new Error(`${file}: ${JSON.stringify(parsed.faults)}`);
  return parsed.guardrail;
}

/** Not through `prepareTool`: the cases also cover tools that should never have been registered. */
function catalogued(tool: RegisterToolInput & { status: ToolStatus }): CatalogueTool {
  return {
    name: tool.name,
    description: tool.description,
    argsSchema: tool.args_schema,
    resultSchema: tool.result_schema,
    reversibility: tool.reversibility,
    blastRadius: tool.blast_radius,
    scopeArgument: tool.scope_argument,
    status: tool.status,
    hints: tool.hints ?? null,
    hash: tool.name,
  };
}

function factsOf(file: z.infer<typeof GoldenFile>, { facts }: GoldenCase): Facts {
  const run = facts.run === undefined ? file.run : facts.run;
  return {
    now: new Date(facts.now ?? file.now),
    workspace: { stopped: facts.stopped ?? false, readsOnly: facts.readsOnly ?? false },
    agent: {
      handle: file.agent.handle,
      status: facts.status ?? "active",
      environment: facts.environment ?? file.agent.environment,
      level: facts.level ?? file.agent.level,
    },
    run: run === null ? null : { ...FIRST_CALL, ...given(run) },
    history: facts.history === undefined ? file.history : facts.history,
    tallies: facts.tallies ?? null,
    reach: facts.reach ?? null,
    readings: facts.readings === undefined ? [] : facts.readings,
  };
}

/** Without the keys that are there and say nothing. */
function given(run: z.infer<typeof Run>): Partial<typeof FIRST_CALL> {
  return Object.fromEntries(Object.entries(run).filter(([, value]) => value !== undefined));
}
