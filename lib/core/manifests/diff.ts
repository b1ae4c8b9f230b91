import { isMemoryName } from "@/lib/core/context/memory";
import { DEFAULT_WEIGHTS } from "@/lib/core/decisions/risk-weights";

import { blockedBy, compileBlocked } from "./blocked";
import { type ChangeKind, ChangeList, demandKind, limitKind, listKind, type Change, overallKind } from "./change";
import { DEFAULT_TERMS } from "./compile";
import { diffExecution } from "./diff-execution";
import { diffTool } from "./diff-tool";
import { allowsHost, hostList } from "./host";
import type { AllowedTool, ContextSource, Manifest } from "./schema";

/** What publishing `after` in the place of `before` does, as a whole and change by change. */
export type ClassifiedChange = { readonly kind: ChangeKind; readonly changes: readonly Change[] };

/**
 * Classifies a change by meaning, not by text: comments, order and spelling are nothing, and every difference is
 * narrowing or neutral only where that can be shown.
 *
 * Without a manifest before, everything that is allowed is new.
 */
export function classifyChange(before: Manifest | null, after: Manifest): ClassifiedChange {
  if (before === null) return firstChange(after);
  const list = new ChangeList();
  diffAgent(list, before, after);
  diffAllowed(list, before, after);
  diffBlocked(list, before, after);
  diffTerms(list, before, after);
  diffExecution(list, before, after);
  diffContext(list, before, after);
  diffEgress(list, before, after);
  diffRisk(list, before, after);
  diffRest(list, before, after);
  return { kind: overallKind(list.changes), changes: list.changes };
}

function firstChange(after: Manifest): ClassifiedChange {
  const changes = after.tools.allowed.map(({ name }, index) => mayNow(name, index));
  return { kind: changes.length > 0 ? "widening" : "neutral", changes };
}

function mayNow(name: string, index: number): Change {
  return { path: `/tools/allowed/${index}`, kind: "widening", sentence: `May now use \`${name}\`.` };
}

function diffAgent(list: ChangeList, before: Manifest, after: Manifest): void {
  // Whom the agent is, and as whom it acts, is never a detail.
  list.compare({ path: "/agent", key: "id" }, { before: before.agent.id, after: after.agent.id }, "widening");
  list.compare(
    { path: "/agent", key: "identity" },
    { before: before.agent.identity, after: after.agent.identity },
    "widening",
  );
}

type Placed = { readonly entry: AllowedTool; readonly path: string };

function placedByName({ tools }: Manifest): ReadonlyMap<string, readonly Placed[]> {
  const byName = new Map<string, Placed[]>();
  for (const [index, entry] of tools.allowed.entries()) {
    const placed = { entry, path: `/tools/allowed/${index}` };
    const known = byName.get(entry.name);
    if (known) known.push(placed);
    else byName.set(entry.name, [placed]);
  }
  return byName;
}

function diffAllowed(list: ChangeList, before: Manifest, after: Manifest): void {
  const old = placedByName(before);
  const now = placedByName(after);
  for (const [name, [place]] of old) {
    if (now.has(name) || place === undefined) continue;
    list.add({ path: place.path, kind: "narrowing", sentence: `May no longer use \`${name}\`.` });
  }
  for (const [index, { name }] of after.tools.allowed.entries()) if (!old.has(name)) list.add(mayNow(name, index));
  for (const [name, places] of now) {
    const earlier = old.get(name) ?? [];
    // Several entries for one tool all hold, so they are compared one by one; a lost one was a restriction.
    for (const [index, place] of places.entries()) {
      const twin = earlier[index];
      if (twin !== undefined) diffTool(list, place.path, { before: twin.entry, after: place.entry });
    }
    for (const lost of earlier.slice(places.length)) {
      list.add({ path: lost.path, kind: "widening", sentence: `A second entry for \`${name}\` is gone.` });
    }
  }
}

/** What is blocked, by meaning: a line that another one covers is no loss. */
export function diffBlocked(
  list: ChangeList,
  before: { readonly tools: Pick<Manifest["tools"], "blocked"> },
  after: { readonly tools: Pick<Manifest["tools"], "blocked"> },
): void {
  const old = new Set(before.tools.blocked);
  const now = new Set(after.tools.blocked);
  const still = compileBlocked(after.tools.blocked);
  for (const [index, text] of before.tools.blocked.entries()) {
    if (now.has(text)) continue;
    const isCovered = !/[*?]/.test(text) && blockedBy(still, text) !== null;
    const sentence = isCovered ? `\`${text}\` is still blocked, by another line.` : `\`${text}\` is no longer blocked.`;
    list.add({ path: `/tools/blocked/${index}`, kind: isCovered ? "neutral" : "widening", sentence });
  }
  for (const [index, text] of after.tools.blocked.entries()) {
    if (old.has(text)) continue;
    list.add({ path: `/tools/blocked/${index}`, kind: "narrowing", sentence: `\`${text}\` is now blocked.` });
  }
}

/** How calls are approved: by default, and for each tool that both versions allow. */
function diffTerms(list: ChangeList, before: Manifest, after: Manifest): void {
  const old = termsOf(before);
  const now = termsOf(after);
  const path = "/approval";
  list.compare(
    { path, key: "timeout_seconds" },
    pair(old.timeout, now.timeout),
    limitKind(pair(old.timeout, now.timeout), "lower"),
  );
  list.compare(
    { path, key: "quorum" },
    pair(old.quorum, now.quorum),
    limitKind(pair(old.quorum, now.quorum), "higher"),
  );
  list.compare({ path, key: "approver_role" }, pair(old.role, now.role), "widening");
  list.compare({ path, key: "separation_of_duties" }, pair(old.apart, now.apart), now.apart ? "narrowing" : "widening");
  const deny = pair(before.approval?.auto_deny_on_timeout ?? true, after.approval?.auto_deny_on_timeout ?? true);
  list.compare({ path, key: "auto_deny_on_timeout" }, deny, "neutral");
  const earlier = placedByName(before);
  for (const [name, places] of placedByName(after)) {
    for (const [index, { entry, path: at }] of places.entries()) {
      const twin = earlier.get(name)?.[index]?.entry;
      if (twin) diffOwnTerms(list, at, { before: twin, after: entry, old, now });
    }
  }
}

type Terms = { readonly timeout: number; readonly quorum: number; readonly role: string; readonly apart: boolean };

function termsOf({ approval }: Manifest): Terms {
  return {
    timeout: approval?.timeout_seconds ?? DEFAULT_TERMS.timeoutSeconds,
    quorum: approval?.quorum ?? DEFAULT_TERMS.quorum,
    role: approval?.approver_role ?? DEFAULT_TERMS.approverRole,
    apart: approval?.separation_of_duties ?? DEFAULT_TERMS.separationOfDuties,
  };
}

function diffOwnTerms(
  list: ChangeList,
  path: string,
  {
    before,
    after,
    old,
    now,
  }: { readonly before: AllowedTool; readonly after: AllowedTool; readonly old: Terms; readonly now: Terms },
): void {
  const where = `\`${after.name}\``;
  const timeout = pair(before.approval_timeout_seconds ?? old.timeout, after.approval_timeout_seconds ?? now.timeout);
  const quorum = pair(before.quorum ?? old.quorum, after.quorum ?? now.quorum);
  const role = pair(before.approver_role ?? old.role, after.approver_role ?? now.role);
  if (before.approval_timeout_seconds !== after.approval_timeout_seconds) {
    list.compare({ path, key: "approval_timeout_seconds", where }, timeout, limitKind(timeout, "lower"));
  }
  if (before.quorum !== after.quorum) list.compare({ path, key: "quorum", where }, quorum, limitKind(quorum, "higher"));
  if (before.approver_role !== after.approver_role)
    list.compare({ path, key: "approver_role", where }, role, "widening");
  const deny = pair(before.auto_deny_on_timeout ?? true, after.auto_deny_on_timeout ?? true);
  list.compare({ path, key: "auto_deny_on_timeout", where }, deny, "neutral");
}

const pair = <T>(before: T, after: T) => ({ before, after });

function diffContext(list: ChangeList, before: Manifest, after: Manifest): void {
  const old = new Map((before.context?.sources ?? []).map((source) => [source.name, source]));
  const sources = after.context?.sources ?? [];
  const awaited = awaitedSources(before);
  for (const [index, source] of sources.entries()) {
    const path = `/context/sources/${index}`;
    const known = old.get(source.name);
    if (known !== undefined) diffSource(list, path, { before: known, after: source });
    else {
      // Tools that already asked for an undeclared source were denied until now.
      const kind = awaited.has(source.name) ? "widening" : "neutral";
      list.add({ path, kind, sentence: `The source \`${source.name}\` is declared.` });
    }
  }
  const now = new Set(sources.map((source) => source.name));
  for (const [index, { name }] of (before.context?.sources ?? []).entries()) {
    if (now.has(name)) continue;
    list.add({
      path: `/context/sources/${index}`,
      kind: "narrowing",
      sentence: `The source \`${name}\` is no longer declared.`,
    });
  }
}

/** What tools or cross-checks ask for, declared or not. */
function awaitedSources({ tools, context }: Manifest): ReadonlySet<string> {
  const checked = (context?.sources ?? []).flatMap((source) => source.cross_check?.source ?? []);
  return new Set([...tools.allowed.flatMap((entry) => entry.sources ?? []), ...checked]);
}

/** One declared source against what was declared of it. */
export function diffSource(
  list: ChangeList,
  path: string,
  { before, after }: { before: ContextSource; after: ContextSource },
): void {
  const where = `source \`${after.name}\``;
  const ttl = pair(before.ttl_seconds, after.ttl_seconds);
  const keys = pair(before.scope_keys, after.scope_keys);
  const change = pair(before.max_change, after.max_change);
  const check = pair(before.cross_check, after.cross_check);
  list.compare({ path, key: "ttl_seconds", where }, ttl, limitKind(ttl, "lower"));
  list.compare({ path, key: "scope_keys", where }, keys, listKind(keys, "superset"));
  list.compare({ path, key: "max_change", where }, change, limitKind(change, "lower"));
  list.compare({ path, key: "cross_check", where }, check, demandKind(check));
  list.compare({ path, key: "on_stale", where }, pair(before.on_stale, after.on_stale), "neutral");
}

/** Hosts that may be addressed. */
export function diffEgress(list: ChangeList, before: Pick<Manifest, "egress">, after: Pick<Manifest, "egress">): void {
  const hosts = pair(before.egress?.allow, after.egress?.allow);
  const old = hosts.before === undefined ? null : hostList(hosts.before);
  // A host that an older wildcard covers is not new.
  const isCovered = (host: string) =>
    old !== null && (hosts.before?.includes(host) || (!host.startsWith("*.") && allowsHost(old, host)));
  const narrows = hosts.after !== undefined && (hosts.before === undefined || hosts.after.every(isCovered));
  const isSame = listKind(hosts, "subset") === "neutral";
  list.compare({ path: "/egress", key: "allow" }, hosts, isSame ? "neutral" : narrows ? "narrowing" : "widening");
}

function diffRisk(list: ChangeList, before: Manifest, after: Manifest): void {
  const gate = pair(before.risk?.require_approval_at, after.risk?.require_approval_at);
  list.compare({ path: "/risk", key: "require_approval_at" }, gate, limitKind(gate, "lower"));
  const old = new Map(Object.entries({ ...DEFAULT_WEIGHTS, ...before.risk?.weights }));
  for (const [key, weight] of Object.entries({ ...DEFAULT_WEIGHTS, ...after.risk?.weights })) {
    const weights = pair(old.get(key), weight);
    list.compare({ path: "/risk/weights", key }, weights, limitKind(weights, "higher"));
  }
}

/** What this version does not enforce, and what nothing enforces. */
function diffRest(list: ChangeList, before: Manifest, after: Manifest): void {
  const sequences = pair(before.sequences ?? [], after.sequences ?? []);
  list.compare({ path: "", key: "sequences" }, sequences, listKind(sequences, "superset"));
  const freezes = pair(before.freezes ?? [], after.freezes ?? []);
  list.compare({ path: "", key: "freezes" }, freezes, listKind(freezes, "superset"));
  const memory = pair(before.memory, after.memory);
  // A memory rule also declares its area as a source, which may be what a tool was denied for lack of.
  const isAwaited = [...awaitedSources(before)].some(isMemoryName);
  list.compare({ path: "", key: "memory" }, memory, isAwaited ? "widening" : demandKind(memory));
  const promote = pair(before.autonomy?.promote, after.autonomy?.promote);
  list.compare({ path: "/autonomy", key: "promote" }, promote, demandKind(promote));
  const demote = pair(before.autonomy?.demote, after.autonomy?.demote);
  list.compare({ path: "/autonomy", key: "demote" }, demote, demandKind(demote));
  list.compare({ path: "/autonomy", key: "level" }, pair(before.autonomy?.level, after.autonomy?.level), "neutral");
  list.compare({ path: "", key: "owners" }, pair(before.owners, after.owners), "neutral");
  list.compare({ path: "", key: "tests" }, pair(before.tests, after.tests), "neutral");
}
