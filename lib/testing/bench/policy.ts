import { createHash } from "node:crypto";

import { Call, type Facts } from "@/lib/core/decisions/schema";
import { compile, type CompiledManifest, createValidators } from "@/lib/core/manifests/compile";
import { parseManifest } from "@/lib/core/manifests/parse";
import type { Manifest } from "@/lib/core/manifests/schema";
import { createToolPool } from "@/lib/core/manifests/tool-pool";
import { prepareTool } from "@/lib/core/tools/register";
import { RegisterToolInput, type CatalogueTool } from "@/lib/core/tools/schema";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");

/** How many tools the policy of the figures has. */
export const TOOLS = 20;

/** Whether some calls wait for a person: every fifth tool, which is 15 % of the calls, or none. */
export type Mix = "asks" | "plain";

/** The policy of the figures: tools with three constraints each, ten blocked, and every fifth one asking in the mix that asks. */
export function benchManifest(handle: string, tools: number, mix: Mix = "asks"): string {
  const allowed = Array.from({ length: tools }, (_, index) =>
    [
      `    - name: "tool_${index}"`,
      "      constraints:",
      '        allowed_statuses: ["open", "in-progress", "closed"]',
      "        max_amount: 500",
      '        prefix_account: "acct-"',
      ...(mix === "asks" && index % 5 === 4 ? ["      requires_approval: true"] : []),
    ].join("\n"),
  );
  const blocked = Array.from({ length: 10 }, (_, index) => `    - "blocked_${index}"`);
  return `agent:\n  id: "${handle}"\ntools:\n  allowed:\n${allowed.join("\n")}\n  blocked:\n${blocked.join("\n")}\n`;
}

/** Its catalogue: reads and low-risk writes with a small schema. */
export const benchTools = (tools: number): RegisterToolInput[] =>
  Array.from({ length: tools }, (_, index) =>
    RegisterToolInput.parse({
      name: `tool_${index}`,
      reversibility: index % 2 === 0 ? "read" : "reversible",
      blast_radius: index % 2 === 0 ? "none" : "low",
      args_schema: {
        type: "object",
        properties: { status: { type: "string" }, amount: { type: "number" }, account: { type: "string" } },
        required: ["status", "amount", "account"],
      },
    }),
  );

/** One for all manifests of a process, as in the product: compiling is what costs. */
const validators = createValidators();
const pool = createToolPool();

const catalogues = new Map<number, ReadonlyMap<string, CatalogueTool>>();

/** Registering a tool compiles its schema, so it is done once. */
function catalogueOf(tools: number): ReadonlyMap<string, CatalogueTool> {
  const known = catalogues.get(tools);
  if (known) return known;
  const catalogue = new Map<string, CatalogueTool>();
  for (const input of benchTools(tools)) {
    const prepared = prepareTool(sha256Hex, input);
    if (prepared.ok) catalogue.set(prepared.tool.name, prepared.tool);
  }
  catalogues.set(tools, catalogue);
  return catalogue;
}

const manifests = new Map<string, Manifest>();

/** Reading the text is no part of deciding, so it is done once. */
function manifestOf(tools: number, mix: Mix): Manifest {
  const key = `${tools} ${mix}`;
  const known = manifests.get(key);
  if (known) return known;
  const parsed = parseManifest(benchManifest("bench", tools, mix));
  if (!parsed.ok) throw new Error(parsed.faults[0]?.message ?? "the benchmark's manifest does not parse");
  manifests.set(key, parsed.manifest);
  return parsed.manifest;
}

/** The same policy compiled, without a database. Manifest and catalogue are its own, as every workspace has one. */
export function benchCompiled(tools: number, mix: Mix = "asks"): CompiledManifest {
  const [manifest, catalogue] = structuredClone([manifestOf(tools, mix), catalogueOf(tools)] as const);
  return compile({ manifest, version: 1, hash: "bench", catalogue, validators, pool });
}

/** A fixed mix: mostly allowed, some over a constraint, some blocked, some unknown. */
export function benchCall(index: number, tools: number): Call {
  const kind = index % 20;
  const tool = kind === 18 ? `blocked_${index % 10}` : kind === 19 ? "tool_nobody_knows" : `tool_${index % tools}`;
  const args = {
    status: kind === 17 ? "archived" : "open",
    amount: kind === 16 ? 900 : 20,
    account: `acct-${index % 997}`,
  };
  return Call.parse({ session_id: `s-${index % 211}`, run_id: "r-1", call_id: `c-${index}`, tool, args });
}

/** Facts under which the policy allows what it may. */
export const benchFacts: Facts = {
  now: new Date("2026-04-10T03:14:22Z"),
  workspace: { stopped: false, readsOnly: false },
  agent: { handle: "bench", status: "active", environment: "production", level: 4 },
  run: null,
  history: null,
  tallies: null,
  reach: null,
  readings: null,
};
