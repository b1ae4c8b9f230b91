import { Guardrail } from "@/lib/core/guardrails/schema";
import type { BundleRecords } from "@/lib/core/ledger/bundle-line";
import type { Findings } from "@/lib/core/ledger/finding";
import type { NamedDefinition } from "@/lib/core/ledger/named-definitions";
import { type CompiledManifest, compile } from "@/lib/core/manifests/compile";
import { Manifest } from "@/lib/core/manifests/schema";
import { digestOf } from "@/lib/core/shared/digest";
import { catalogued, type CatalogueTool, RegisterToolInput, type ToolStatus } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";
import { readSql } from "@/lib/platform/sql-reader";

import { sha256Hex } from "./hex";

/** The manifests and tool definitions that verdicts were made from, by hash. */
export type Archive = {
  manifest(record: BundleRecords["manifest"]): void;
  guardrail(record: BundleRecords["guardrail"]): void;
  tool(record: BundleRecords["tool"]): void;
  has(named: NamedDefinition): boolean;
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
  const seen = { manifest: new Set<string>(), guardrail: new Set<string>(), tool: new Set<string>() };
  const changed = (kind: string, hash: string): void =>
    findings.add("tampered", `changed_${kind}`, null, `A ${kind} is not the one of hash ${hash}.`);
  const unreadable = (kind: string, hash: string): void =>
    findings.add("incomplete", `unreadable_${kind}`, null, `This version cannot read the ${kind} of hash ${hash}.`);

  return {
    has: ({ kind, hash }) => seen[kind].has(hash),
    manifest({ hash, content }) {
      seen.manifest.add(hash);
      if (digestOf(sha256Hex, content) !== hash) return changed("manifest", hash);
      const known = read.get(hash) ?? Manifest.safeParse(content).data;
      if (known === undefined) return unreadable("manifest", hash);
      manifests.set(hash, keep(read, hash, known));
    },
    guardrail({ hash, content }) {
      seen.guardrail.add(hash);
      if (digestOf(sha256Hex, content) !== hash) return changed("guardrail", hash);
      const known = Guardrail.safeParse(content).data;
      if (known === undefined) return unreadable("guardrail", hash);
      guardrails.set(hash, known);
    },
    tool({ hash, definition }) {
      seen.tool.add(hash);
      if (digestOf(sha256Hex, definition) !== hash) return changed("tool", hash);
      const tool = RegisterToolInput.safeParse(definition);
      if (!tool.success) return unreadable("tool", hash);
      const entry = catalogued(tool.data, hash);
      tools.set(hash, entry);
      named.set(entry.name, entry);
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
