import type { CallContext } from "@/lib/core/decisions/schema";
import type { ContextSource } from "@/lib/core/manifests/schema";

import type { Objection, World } from "./reference-world";

/** Check 7, written down as it is told. */
export function context(world: World): Objection[] {
  const { manifest, entries, call, facts } = world;
  const needed = entries.flatMap((entry) => entry.sources ?? []);
  const codes = needed.flatMap((name): string[] => {
    const source = sourceOf(world, name);
    const own = unfit(world, name);
    if (own !== null || source === null) return [own ?? "context_unknown"];
    const found: string[] = [];
    if (source.cross_check !== undefined) {
      const other = unfit(world, source.cross_check.source);
      if (other !== null) found.push(other);
      else if (!agree(world, [name, source.cross_check.source], source.cross_check.fields))
        found.push("context_disagrees");
    }
    if (source.max_change !== undefined) {
      if (facts.readings === null) found.push("context_history_unknown");
      else if (!given(world, name).every((one) => isSteady(world, source, one))) found.push("context_changed");
    }
    return found;
  });
  const partners = needed.flatMap(
    (name) => manifest.context?.sources.find((one) => one.name === name)?.cross_check?.source ?? [],
  );
  if (
    strays(
      call.context.filter(({ source }) => [...needed, ...partners].includes(source)),
      call.args,
    )
  )
    codes.push("out_of_scope");
  codes.push(...memory(world));
  return codes.map((code) => ["deny", code]);
}

const given = ({ call }: World, name: string) => call.context.filter(({ source }) => source === name);

function sourceOf({ manifest }: World, name: string): ContextSource | null {
  const written = manifest.context?.sources.find((one) => one.name === name);
  if (written !== undefined) return written;
  const { scratchpad, preferences, log } = manifest.memory ?? {};
  const areas = { "memory.scratchpad": scratchpad, "memory.preferences": preferences, "memory.log": log };
  return Object.entries(areas).some(([area, rules]) => area === name && rules !== undefined) ? { name } : null;
}

const seconds = ({ facts }: World, one: CallContext) => (facts.now.getTime() - new Date(one.as_of).getTime()) / 1_000;

function unfit(world: World, name: string): string | null {
  const source = sourceOf(world, name);
  if (source === null) return "context_unknown";
  if (given(world, name).length === 0) return "context_missing";
  for (const one of given(world, name)) {
    const age = seconds(world, one);
    if (source.ttl_seconds !== undefined && (age > source.ttl_seconds || age < -60)) return "stale_context";
    if ((source.scope_keys ?? []).some((key) => [undefined, null, ""].some((empty) => one.scope[key] === empty)))
      return "out_of_scope";
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

function memory(world: World): string[] {
  const { call, manifest } = world;
  const { scratchpad, preferences } = manifest.memory ?? {};
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
