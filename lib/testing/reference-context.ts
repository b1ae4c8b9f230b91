import type { CallContext } from "@/lib/core/decisions/schema";
import type { ContextSource } from "@/lib/core/manifests/schema";

import type { Objection, World } from "./reference-world";

/** Check 7, written down as it is told. */
export function context(world: World): Objection[] {
  const { entries, restrictions, call } = world;
  const named = [
    ...entries.flatMap((entry) => entry.sources ?? []).map((name) => ({ name, rules: rulesFor(world, name, false) })),
    ...restrictions
      .flatMap((entry) => entry.sources ?? [])
      .map((name) => ({ name, rules: rulesFor(world, name, true) })),
  ];
  const codes = named.flatMap(({ name, rules }) =>
    rules.length === 0 ? ["context_unknown"] : rules.flatMap((rule) => faultsOf(world, { name, rule })),
  );
  const partners = named.flatMap(({ rules }) => rules.flatMap(({ source }) => source.cross_check?.source ?? []));
  const needed = [...named.map(({ name }) => name), ...partners];
  if (
    strays(
      call.context.filter(({ source }) => needed.includes(source)),
      call.args,
    )
  )
    codes.push("out_of_scope");
  codes.push(...memory(world, world.manifest.memory), ...memory(world, world.guardrail?.memory));
  return codes.map((code) => ["deny", code]);
}

const given = ({ call }: World, name: string) => call.context.filter(({ source }) => source === name);

/** A source as one document speaks of it, and where its partner is looked up. */
type Rule = { readonly source: ContextSource; readonly isShared: boolean };

/** To the manifest's own entries a source exists only if the manifest declares it. */
function rulesFor({ manifest, guardrail }: World, name: string, isShared: boolean): readonly Rule[] {
  const own = said(manifest, name);
  if (own.length === 0 && !isShared) return [];
  return [...own, ...(guardrail === null ? [] : said(guardrail, name))].map((source) => ({ source, isShared }));
}

function said({ context: stated, memory: kept }: Pick<World["manifest"], "context" | "memory">, name: string) {
  const written = (stated?.sources ?? []).filter((one) => one.name === name);
  const { scratchpad, preferences, log } = kept ?? {};
  const areas = { "memory.scratchpad": scratchpad, "memory.preferences": preferences, "memory.log": log };
  const isArea = Object.entries(areas).some(([area, rules]) => area === name && rules !== undefined);
  return written.length > 0 || !isArea ? written : [{ name }];
}

function faultsOf(world: World, { name, rule: { source, isShared } }: { readonly name: string; readonly rule: Rule }) {
  const own = unfit(world, name, [source]);
  if (own !== null) return [own];
  const found: string[] = [];
  if (source.cross_check !== undefined) {
    const partner = source.cross_check.source;
    const rules = rulesFor(world, partner, isShared);
    const other =
      rules.length === 0
        ? "context_unknown"
        : unfit(
            world,
            partner,
            rules.map((one) => one.source),
          );
    if (other !== null) found.push(other);
    else if (!agree(world, [name, partner], source.cross_check.fields)) found.push("context_disagrees");
  }
  if (source.max_change !== undefined) {
    if (world.facts.readings === null) found.push("context_history_unknown");
    else if (!given(world, name).every((one) => isSteady(world, source, one))) found.push("context_changed");
  }
  return found;
}

const seconds = ({ facts }: World, one: CallContext) => (facts.now.getTime() - new Date(one.as_of).getTime()) / 1_000;

/** What all of these rules together say against the entries of a source. */
function unfit(world: World, name: string, rules: readonly ContextSource[]): string | null {
  if (given(world, name).length === 0) return "context_missing";
  const keys = rules.flatMap((rule) => rule.scope_keys ?? []);
  for (const one of given(world, name)) {
    const age = seconds(world, one);
    if (rules.some(({ ttl_seconds: ttl }) => ttl !== undefined && (age > ttl || age < -60))) return "stale_context";
    if (keys.some((key) => [undefined, null, ""].some((empty) => one.scope[key] === empty))) return "out_of_scope";
  }
  return null;
}

function agree(world: World, names: readonly string[], fields: readonly string[]): boolean {
  const all = names.flatMap((name) => given(world, name));
  return fields.every((field) => {
    const values = new Set(all.map(({ values: stated }) => stated[field] ?? null));
    return values.size === 1 && !values.has(null);
  });
}

function isSteady({ facts }: World, source: ContextSource, one: CallContext): boolean {
  if (!Object.values(one.values).some((value) => typeof value === "number")) return false;
  const same = (facts.readings ?? []).filter(
    (reading) =>
      reading.source === source.name &&
      Object.entries(reading.subject).every(([key, text]) => String(one.scope[key] ?? "") === text),
  );
  return same.every(({ values }) =>
    Object.entries(values).every(([field, before]) => {
      const after = one.values[field];
      const change =
        typeof after === "number" ? Math.abs(after - before) / Math.max(Math.abs(before), 1e-9) : Number.NaN;
      return change <= (source.max_change ?? 0);
    }),
  );
}

/** For the arguments of the tests, where only `owner` at the top is also a scope key. */
function strays(context: readonly CallContext[], args: World["call"]["args"]): boolean {
  const keys = new Set(context.flatMap(({ scope }) => Object.keys(scope)));
  return [...keys].some((key) => {
    const named = context.flatMap(({ scope }) => [scope[key] ?? ""]).filter((text) => text !== "");
    const subjects = new Set<unknown>(named);
    if (subjects.size === 0) return false;
    const argument = key === "owner" ? (args[key] ?? null) : null;
    if (argument !== null) subjects.add(Array.isArray(argument) && argument.length === 1 ? argument[0] : argument);
    return subjects.size > 1;
  });
}

function memory(world: World, rules: World["manifest"]["memory"]): string[] {
  const { call } = world;
  const { scratchpad, preferences } = rules ?? {};
  const found: string[] = [];
  const key = scratchpad?.retain === "session" ? "session_id" : "run_id";
  for (const { scope } of scratchpad === undefined ? [] : given(world, "memory.scratchpad")) {
    if ((scope[key] ?? "") === "") found.push("out_of_scope");
    else if (scope[key] !== call[key]) found.push("memory_not_retained");
  }
  for (const one of given(world, "memory.preferences")) {
    const age = seconds(world, one);
    const days = preferences?.ttl_days;
    if (days !== undefined && (age > days * 86_400 || age < -60)) found.push("stale_context");
    else if (preferences?.requires_user_approval === true && one.values["user_approved"] !== true)
      found.push("memory_not_approved");
  }
  return found;
}
