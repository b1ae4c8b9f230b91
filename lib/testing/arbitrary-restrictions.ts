import fc from "fast-check";

import { type AllowedTool, Manifest } from "@/lib/core/manifests/schema";
import { BLAST_RADII, REVERSIBILITIES } from "@/lib/core/tools/schema";

import {
  anyCondition,
  anyConstraints,
  anyCrossCheck,
  anyEntry,
  anyFreeze,
  anyMemory,
  anyWindow,
} from "./arbitrary-policies";

/** A way to make any manifest stricter, or leave it as it is where it does not apply. */
export type Restriction = { readonly name: string; readonly restrict: (manifest: Manifest) => Manifest };

/** Applies a change to a copy and reads it anew, so that nothing outside the language can be made. */
const edited = (name: string, edit: (manifest: Manifest) => void): Restriction => ({
  name,
  restrict: (manifest) => {
    const copy = structuredClone(manifest);
    edit(copy);
    return Manifest.parse(copy);
  },
});

const toEntry = (name: string, change: (entry: AllowedTool) => Partial<AllowedTool>) =>
  fc.nat({ max: 8 }).map((index) =>
    edited(name, (manifest) => {
      const entry = manifest.tools.allowed[index % Math.max(1, manifest.tools.allowed.length)];
      if (entry) Object.assign(entry, change(entry));
    }),
  );

/** Sets a key only where there is none: the new demand cannot have replaced a harder one. */
const adding = <K extends keyof AllowedTool>(key: K, values: fc.Arbitrary<AllowedTool[K]>) =>
  values.chain((value) => toEntry(`add ${key}`, (entry) => (entry[key] === undefined ? { [key]: value } : {})));

const blocking = fc
  .constantFrom("read_a", "write_b", "send_c", "*_a", "w*", "READ_A")
  .map((text) => edited(`block ${text}`, (manifest) => manifest.tools.blocked.push(text)));

const dropping = fc.nat({ max: 8 }).map((index) =>
  edited("drop a tool", (manifest) => {
    const name = manifest.tools.allowed[index % Math.max(1, manifest.tools.allowed.length)]?.name;
    manifest.tools.allowed = manifest.tools.allowed.filter((entry) => entry.name !== name);
  }),
);

/** A further entry for a tool that is allowed already: it must not open what the first one closes (T39). */
const repeating = fc.tuple(fc.nat({ max: 8 }), anyEntry()).map(([index, entry]) =>
  edited("allow a tool again", (manifest) => {
    const name = manifest.tools.allowed[index % Math.max(1, manifest.tools.allowed.length)]?.name;
    if (name !== undefined) manifest.tools.allowed.push({ ...entry, name });
  }),
);

const constraining = anyConstraints.chain((constraints) =>
  toEntry("add constraints", (entry) => ({ constraints: { ...constraints, ...entry.constraints } })),
);

const tightening = fc
  .tuple(fc.constantFrom(...REVERSIBILITIES), fc.constantFrom(...BLAST_RADII))
  .chain(([reversibility, radius]) =>
    toEntry("tighten the class", (entry) => ({
      ...(REVERSIBILITIES.indexOf(reversibility) > REVERSIBILITIES.indexOf(entry.reversibility ?? "read") && {
        reversibility,
      }),
      ...(BLAST_RADII.indexOf(radius) > BLAST_RADII.indexOf(entry.blast_radius ?? "none") && { blast_radius: radius }),
    })),
  );

const lower = (before: number | undefined, limit: number) => Math.min(before ?? Number.POSITIVE_INFINITY, limit);

const bounding = fc
  .record({ steps: fc.integer({ min: 1, max: 6 }), seconds: fc.constantFrom(30, 90), usd: fc.constantFrom(0, 0.5, 1) })
  .map((limit) =>
    edited("lower the bounds", (manifest) => {
      const before = manifest.execution ?? {};
      manifest.execution = {
        ...before,
        max_steps: lower(before.max_steps, limit.steps),
        max_wall_clock_seconds: lower(before.max_wall_clock_seconds, limit.seconds),
        max_cost_usd: lower(before.max_cost_usd, limit.usd),
      };
    }),
  );

const counting = fc
  .record({ most: fc.nat({ max: 2 }), repeats: fc.constantFrom(2, 5), retries: fc.nat({ max: 2 }) })
  .map(({ most, repeats, retries }) =>
    edited("count more", (manifest) => {
      const before = manifest.execution ?? {};
      manifest.execution = {
        ...before,
        loop: { repeats: lower(before.loop?.repeats ?? 10, repeats) },
        max_retries_per_action: lower(before.max_retries_per_action ?? 3, retries),
        daily_tokens: lower(before.daily_tokens, 100),
        hard_at: 0.8,
      };
      for (const entry of manifest.tools.allowed) {
        entry.limits = { ...entry.limits, per_run: lower(entry.limits?.per_run, most) };
      }
      manifest.sequences = [
        ...(manifest.sequences ?? []),
        { name: "third", count: { tool: "read_a", over: most }, within: "run", decide: "deny" },
      ];
    }),
  );

const gating = fc.integer({ min: 0, max: 90 }).map((score) =>
  edited("lower the risk threshold", (manifest) => {
    manifest.risk = { ...manifest.risk, require_approval_at: lower(manifest.risk?.require_approval_at, score) };
  }),
);

const fencing = fc.constantFrom("api.example.com", "203.0.113.7").map((host) =>
  edited("fence the hosts", (manifest) => {
    const before = manifest.egress?.allow;
    manifest.egress = { allow: before === undefined ? [host] : before.filter((one) => one !== host) };
  }),
);

const ageing = fc.constantFrom(30, 60).map((seconds) =>
  edited("shorten every TTL", (manifest) => {
    for (const source of manifest.context?.sources ?? []) {
      source.ttl_seconds = lower(source.ttl_seconds, seconds);
      source.scope_keys = [...new Set([...(source.scope_keys ?? []), "customer_id"])];
    }
  }),
);

const freezing = anyFreeze.map((freeze) =>
  edited("freeze", (manifest) => {
    manifest.freezes = [...(manifest.freezes ?? []), freeze];
  }),
);

const capping = fc
  .constantFrom(1 as const, 2 as const, 3 as const)
  .chain((level) => toEntry("cap the level", (entry) => (level < (entry.max_level ?? 5) ? { max_level: level } : {})));

const comparing = anyCrossCheck.map((check) =>
  edited("hold the sources against another", (manifest) => {
    for (const source of manifest.context?.sources ?? []) source.cross_check ??= check;
  }),
);

const steadying = fc.constantFrom(0.1, 0.3).map((share) =>
  edited("let no source move far", (manifest) => {
    for (const source of manifest.context?.sources ?? []) source.max_change = lower(source.max_change, share);
  }),
);

/** Only where nothing waits for memory to be declared, which a rule about it does by the way. */
const forgetting = anyMemory.map((memory) =>
  edited("rule the memory", (manifest) => {
    const isAwaited = manifest.tools.allowed.some(({ sources }) => sources?.some((name) => name.startsWith("memory.")));
    if (!isAwaited) manifest.memory ??= memory;
  }),
);

/** Any restriction of the language. */
export const anyRestriction: fc.Arbitrary<Restriction> = fc.oneof(
  blocking,
  dropping,
  repeating,
  constraining,
  tightening,
  bounding,
  counting,
  gating,
  fencing,
  ageing,
  freezing,
  capping,
  toEntry("take the way back", (entry) => (entry.rollback === undefined ? {} : { rollback: entry.name })),
  comparing,
  steadying,
  forgetting,
  adding("scope", fc.constantFrom(["a"], ["a", "b"], [])),
  adding("when", anyCondition),
  adding("args_schema", fc.constantFrom({ type: "object", required: ["status"] }, { $ref: "http://x/" })),
  adding("max_rows", fc.integer({ min: 0, max: 5 })),
  adding("environments", fc.constantFrom(["staging"], ["production", "development"])),
  adding("windows", fc.array(anyWindow, { minLength: 1, maxLength: 2 })),
  adding("sources", fc.constantFrom(["crm"], ["kb", "crm"], ["unknown"])),
  toEntry("ask always", () => ({ requires_approval: true })),
  toEntry("ids only", () => ({ ids_only: true })),
);
