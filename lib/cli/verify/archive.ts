import { guardrailHash } from "@/lib/core/guardrails/parse";
import { Guardrail } from "@/lib/core/guardrails/schema";
import type { Findings } from "@/lib/core/ledger/finding";
import { type CompiledManifest, compile } from "@/lib/core/manifests/compile";
import { manifestHash, parseManifest } from "@/lib/core/manifests/parse";
import { Manifest } from "@/lib/core/manifests/schema";
import { digestOf } from "@/lib/core/shared/digest";
import type { JsonObject } from "@/lib/core/shared/json";
import { type CatalogueTool, RegisterToolInput, type ToolStatus } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";
import { readSql } from "@/lib/platform/sql-reader";

import { sha256Hex } from "./hex";

/** The manifests and tool definitions that verdicts were made from, by hash. */
export type Archive = {
  manifest(record: JsonObject): void;
  guardrail(record: JsonObject): void;
  tool(record: JsonObject): void;
  /** The policy that judged a call of this tool; or what is missing for it. */
  policy(wanted: {
    readonly manifest: string;
    readonly version: number;
    readonly guardrail: { readonly version: number; readonly hash: string } | null;
    readonly tool: string;
    readonly status: ToolStatus;
  }): CompiledManifest | { readonly missing: "manifest" | "guardrail" | "tool" };
};

const UNCATALOGUED = "uncatalogued";

// Shared by every file a process looks at, since reading YAML and compiling is what costs. All of it is found by the
// digest of its content, so what was once found good is good wherever it stands.
const READERS = { validators: createValidators(), readSql };
const read = new Map<string, Manifest>();
const compiled = new Map<string, CompiledManifest>();
const MAX_KEPT = 1_000;

function keep<T>(cache: Map<string, T>, key: string, value: T): T {
  if (cache.size >= MAX_KEPT) cache.clear();
  cache.set(key, value);
  return value;
}

/** Every record must have the hash it claims; one that has not is reported and not used. */
export function createArchive(findings: Findings): Archive {
  const manifests = new Map<string, Manifest>();
  const guardrails = new Map<string, Guardrail>();
  const tools = new Map<string, CatalogueTool>();
  // For the way back that a tool names: any definition of it shows that the catalogue knew it.
  const named = new Map<string, CatalogueTool>();

  return {
    manifest(record) {
      const hash = String(record["hash"]);
      const digest = digestOf(sha256Hex, record);
      const known = read.get(digest);
      if (known) return void manifests.set(hash, known);
      const name = `${String(record["agent"])} version ${String(record["version"])}`;
      const content = Manifest.safeParse(record["content"]);
      const text = parseManifest(String(record["text"]));
      if (!content.success || manifestHash(sha256Hex, content.data) !== hash)
        return findings.add(
          "tampered",
          "changed_manifest",
          null,
          `The manifest of ${name} is not the one of hash ${hash}.`,
        );
      if (!text.ok || manifestHash(sha256Hex, text.manifest) !== hash)
        return findings.add(
          "tampered",
          "changed_manifest",
          null,
          `The text of the manifest of ${name} says something else.`,
        );
      manifests.set(hash, keep(read, digest, content.data));
    },
    guardrail(record) {
      const hash = String(record["hash"]);
      const content = Guardrail.safeParse(record["content"]);
      if (content.success && guardrailHash(sha256Hex, content.data) === hash)
        return void guardrails.set(hash, content.data);
      const name = `version ${String(record["version"])}`;
      findings.add("tampered", "changed_guardrail", null, `The guardrail of ${name} is not the one of hash ${hash}.`);
    },
    tool(record) {
      const hash = String(record["hash"]);
      const definition = record["definition"] ?? null;
      const tool = RegisterToolInput.safeParse(definition);
      if (digestOf(sha256Hex, definition) !== hash || !tool.success)
        return findings.add("tampered", "changed_tool", null, `A tool definition is not the one of hash ${hash}.`);
      const { name, description, args_schema, result_schema, reversibility, blast_radius, scope_argument } = tool.data;
      const catalogued: CatalogueTool = {
        name,
        description,
        argsSchema: args_schema,
        resultSchema: result_schema,
        reversibility,
        blastRadius: blast_radius,
        scopeArgument: scope_argument,
        status: "active",
        hints: tool.data.hints ?? null,
        hash,
      };
      tools.set(hash, catalogued);
      named.set(name, catalogued);
    },
    policy({ manifest: hash, version, guardrail, tool: toolHash, status }) {
      const key = `${hash} ${version} ${guardrail?.hash ?? ""} ${toolHash} ${status}`;
      const manifest = manifests.get(hash);
      const tool = tools.get(toolHash);
      if (!manifest) return { missing: "manifest" };
      if (!tool && toolHash !== UNCATALOGUED) return { missing: "tool" };
      const shared = guardrail === null ? null : guardrails.get(guardrail.hash);
      if (shared === undefined) return { missing: "guardrail" };
      const known = compiled.get(key);
      if (known) return known;
      const catalogue = new Map(named);
      if (tool) catalogue.set(tool.name, { ...tool, status });
      const published = guardrail && { ...guardrail, guardrail: shared };
      return keep(compiled, key, compile({ manifest, version, hash, catalogue, guardrail: published, ...READERS }));
    },
  };
}
