import { Effect } from "@/lib/core/decisions/schema";
import { asJson } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Json, JsonObject } from "@/lib/core/shared/json";
import {
  countHidden,
  type HostWarning,
  hostWarnings,
  type NameWarning,
  nameWarnings,
} from "@/lib/core/shared/visible-text";

import { commandsAmong } from "./command-lines";
import { commandParts } from "./command-parts";
import { configParts } from "./config-parts";
import type { Display } from "./display";
import { idsNamed } from "./headline";
import { jsonParts } from "./json-parts";
import { type ArgumentLine, clip, counted, type Part, SHOWN } from "./part";
import { rowChanges } from "./row-diff";
import type { Scope } from "./outliers";
import { type Mismatch, rowParts } from "./row-parts";
import { textParts } from "./text-parts";
import { eachLeaf, valueText, valueType } from "./value-text";

/** All there is to look at before deciding, in the order in which to look. A function of the display alone. */
export type EffectView = {
  /** Read out before everything else: "28 rows: 20 added, 8 removed, 3 flagged; 2 arguments". */
  readonly summary: string;
  readonly parts: readonly Part[];
  readonly mismatch: Mismatch | null;
  /** Ids the arguments name and the dry run does not list: the arguments are what is bound. */
  readonly idsNotListed: number;
  /** When the agent made its dry run, by its own account. */
  readonly dryRunAt: string | null;
  /** Whether the agent sent a dry run at all. */
  readonly dryRun: boolean;
  readonly changedFields: number;
  /** What a reviewer of a critical action types: a count that is printed in the parts. */
  readonly affected: { readonly count: number; readonly unit: string };
  /** Characters in arguments and effect that cannot be seen or that reorder what is seen. */
  readonly hiddenCharacters: number;
  readonly hosts: readonly HostWarning[];
  /** Names, addresses and ids that may not be what they read as; hosts are told of above. */
  readonly names?: readonly NameWarning[];
};

const MOST_HOSTS = 20;

const ASCII = /^[\x20-\x7e\n\t]*$/;
/** Nothing in it is hidden, and nothing could be a host that reads as another. Most values are like this. */
const isHarmless = (text: string) => ASCII.test(text) && !/[a-z]I|[xX][nN]--/.test(text);

/** Turns what is bound and what the dry run says into parts to look at, the arguments always among them. */
export function effectView(
  display: Pick<Display, "args" | "effect" | "headline"> & Partial<Pick<Display, "context">>,
): EffectView {
  const parsed = display.effect === null ? null : Effect.safeParse(display.effect);
  const effect = parsed?.success ? parsed.data : null;
  const { parts, mismatch, summary } = effectParts(effect, scopeOf(display.context ?? []));
  const args = argumentsPart(display.args);
  const all = [...parts, ...(effect?.kind === "command" ? [] : argumentCommands(display.args)), args];
  const fromEffect = parts.reduce((sum, part) => sum + part.changes, 0);
  const { count, unit } = display.headline;
  return {
    summary: [summary ?? parts[0]?.summary, counted(args.changes, "argument")]
      .filter((words) => words !== undefined)
      .join("; "),
    parts: all,
    mismatch,
    idsNotListed: idsNotListed(display.args, effect),
    dryRunAt: effect?.kind === "rows" ? (effect.as_of ?? null) : null,
    dryRun: effect !== null,
    changedFields: fromEffect > 0 ? fromEffect : args.changes,
    affected: count === null ? { count: args.changes, unit: "arguments" } : { count, unit: unit ?? "rows" },
    ...warningsOf(display),
  };
}

/** Whose data the call's sources were about. */
function scopeOf(context: Display["context"]): Scope {
  const scope = new Map<string, Json[]>();
  for (const source of context) {
    for (const [key, value] of Object.entries(source.scope)) scope.set(key, [...(scope.get(key) ?? []), value]);
  }
  return scope;
}

type EffectParts = {
  readonly parts: readonly Part[];
  readonly mismatch: Mismatch | null;
  /** Of all its parts together, where the first does not speak for them. */
  readonly summary?: string;
};

function effectParts(effect: Effect | null, scope: Scope): EffectParts {
  const alone = (parts: readonly Part[]): EffectParts => ({ parts, mismatch: null });
  if (effect === null) return alone([]);
  if (effect.kind === "rows") return rowParts(effect, scope);
  if (effect.kind === "text") return alone(textParts("text", "Text", effect.before, effect.after));
  if (effect.kind === "config") return alone(configParts(effect.format, effect.before, effect.after));
  if (effect.kind === "command") return alone(commandParts(effect.command, effect.output));
  return alone(jsonParts("json", "Values", asJson(effect.before), asJson(effect.after)));
}

/** Commands among the arguments, taken apart, where no dry run shows one. */
function argumentCommands(args: JsonObject): readonly Part[] {
  return commandsAmong(args).flatMap(({ text, lines }, index) =>
    commandParts(text, undefined, lines).map((part) => ({
      ...part,
      id: index === 0 ? part.id : `${part.id}-${index}`,
    })),
  );
}

/** Every argument of the call: the one part that is never left out, because it is what the approval is bound to. */
function argumentsPart(args: JsonObject): Part {
  const items: ArgumentLine[] = [];
  let count = 0;
  eachLeaf(args, (path, leaf) => {
    if (path === "") return;
    count += 1;
    if (items.length < SHOWN.paths)
      items.push({ path, type: valueType(leaf), value: clip(valueText(leaf), SHOWN.valueChars) });
  });
  const why = [
    count > items.length && `${items.length.toLocaleString("en-US")} of ${counted(count, "value")} shown`,
    items.some((item) => item.value.omitted > 0) && "long values are cut",
  ].filter((reason) => reason !== false);
  return {
    id: "arguments",
    title: `Arguments, as bound (${count.toLocaleString("en-US")})`,
    summary: count === 0 ? "No arguments" : `${counted(count, "argument")}, exactly as they will be used`,
    changes: count,
    uninspectable: why.length === 0 ? null : why.join("; "),
    body: { kind: "arguments", items },
  };
}

function idsNotListed(args: JsonObject, effect: Effect | null): number {
  const ids = idsNamed(args);
  if (ids === null || effect?.kind !== "rows") return 0;
  const listed = new Set(rowChanges(effect).map((row) => row.key));
  return ids.filter((id) => !listed.has(canonicalJson(id))).length;
}

function warningsOf(display: {
  readonly args: JsonObject;
  readonly effect: Json;
}): Pick<EffectView, "hiddenCharacters" | "hosts" | "names"> {
  let hiddenCharacters = 0;
  const hosts = new Map<string, HostWarning>();
  const names = new Map<string, NameWarning>();
  const look = (text: string) => {
    if (isHarmless(text)) return;
    hiddenCharacters += countHidden(text);
    if (names.size < MOST_HOSTS) for (const warning of nameWarnings(text)) names.set(warning.name, warning);
    if (hosts.size < MOST_HOSTS) for (const warning of hostWarnings(text)) hosts.set(warning.host, warning);
  };
  const visit = (value: Json) => {
    eachLeaf(value, (path, leaf) => {
      if (typeof leaf === "string") look(leaf);
      // A key can hide something as well as a value can.
      if (!ASCII.test(path)) hiddenCharacters += countHidden(path);
    });
  };
  visit(display.args);
  visit(display.effect);
  return {
    hiddenCharacters,
    hosts: [...hosts.values()].slice(0, MOST_HOSTS),
    names: [...names.values()].filter(({ name }) => !isOnlyItsHost(name, hosts)).slice(0, MOST_HOSTS),
  };
}

/** Whether all that is strange about a name is a host that is told of already. */
function isOnlyItsHost(name: string, hosts: ReadonlyMap<string, HostWarning>): boolean {
  const at = name.lastIndexOf("@");
  return hosts.has(name) || (hosts.has(name.slice(at + 1)) && nameWarnings(name.slice(0, at)).length === 0);
}
