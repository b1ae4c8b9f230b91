import type { Json } from "@/lib/core/shared/json";

import { type Alias, type KeyRule, CLAUDE_CODE_KEYS, FIELD, FIELDS, OTLP_KEYS } from "./alias-index";
import { isContentKey, isIndexedKey, isMachineKey } from "./content-keys";
import type { EventFlag } from "./event";
import { TRACE_LIMITS } from "./limits";
import type { Attributes, Origin } from "./otlp";

const NO_RANK = 255;
const NO_VALUES: readonly (Json | undefined)[] = Object.freeze(Array.from({ length: FIELDS }, () => undefined));
const NO_KEYS: readonly string[] = Object.freeze(Array.from({ length: FIELDS }, () => ""));
const NO_RANKS: readonly number[] = Object.freeze(Array.from({ length: FIELDS }, () => NO_RANK));
const FIRST_TOKEN_FIELD = FIELD.tokensInput;
const LAST_TOKEN_FIELD = FIELD.tokensAudioOut;

/** An attribute with a number in its key, of documents or evaluations, which rules of their own put together. */
export type Indexed = { readonly key: string; readonly value: Json };

const NO_ALIASES: readonly Alias[] = Object.freeze([]);
/** Different unknown keys that are remembered; whoever sends more pays for looking at them again. */
const KNOWN_KEYS = 4_096;

/**
 * The attributes of one item sorted into fields, content and what nobody reads, in one pass. An attribute of the item
 * stands before one of its scope and that before one of its resource, where both are the same key; between different
 * keys of a field the alias table decides.
 */
export class Reading {
  private readonly values: (Json | undefined)[];
  private readonly ranks: number[];
  private readonly keys: string[];
  readonly content: Record<string, Json>;
  readonly unread: Record<string, Json>;
  readonly indexed: Indexed[] = [];
  readonly flags: EventFlag[] = [];
  private readonly unknown: Map<string, KeyRule>;

  constructor(
    private readonly table: ReadonlyMap<string, KeyRule>,
    base: Reading | null,
  ) {
    this.unknown = base?.unknown ?? new Map();
    this.values = (base?.values ?? NO_VALUES).slice();
    this.ranks = (base?.ranks ?? NO_RANKS).slice();
    this.keys = (base?.keys ?? NO_KEYS).slice();
    this.content = base === null ? {} : { ...base.content };
    this.unread = base === null ? {} : { ...base.unread };
  }

  addAll(attributes: Attributes): void {
    for (const [key, value] of attributes) this.add(key, value);
  }

  add(key: string, value: Json): void {
    const rule = this.table.get(key) ?? this.unknown.get(key) ?? this.ruleOf(key);
    for (const alias of rule.aliases) this.offer(alias, key, value);
    if (rule.isContent) this.content[key] = value;
    else if (rule.aliases.length === 0) this.leaveUnread(key, value);
    if (rule.isIndexed) this.indexed.push({ key, value });
  }

  /** What becomes of a key that is not in the table; remembered for the other items of this origin. */
  private ruleOf(key: string): KeyRule {
    const rule = { aliases: NO_ALIASES, isContent: isContentKey(key), isIndexed: isIndexedKey(key) };
    if (this.unknown.size < KNOWN_KEYS) this.unknown.set(key, rule);
    return rule;
  }

  /** The value of a field; undefined where nothing says it. */
  get(field: number): Json | undefined {
    return this.values[field];
  }

  keyOf(field: number): string {
    return this.keys[field] ?? "";
  }

  text(field: number): string | null {
    const value = this.values[field];
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
  }

  has(field: number): boolean {
    return this.values[field] !== undefined;
  }

  /** An empty text or list says nothing, so another key may; 0 and false do say something. */
  private offer(alias: Alias, key: string, value: Json): void {
    if (value === null || value === "") return;
    const { field, rank } = alias;
    const taken = this.ranks[field] ?? NO_RANK;
    if (field >= FIRST_TOKEN_FIELD && field <= LAST_TOKEN_FIELD && taken !== NO_RANK && taken !== rank) {
      if (Number(this.values[field]) !== Number(value)) this.flag("usage_differs");
    }
    if (rank > taken) return;
    this.values[field] = value;
    this.ranks[field] = rank;
    this.keys[field] = key;
  }

  /** A long text that no rule knows may be what somebody wrote, so only its length stays outside `content`. */
  private leaveUnread(key: string, value: Json): void {
    if (isFigure(value)) {
      this.unread[key] = value;
      return;
    }
    this.content[key] = value;
    this.unread[key] = typeof value === "string" ? `(${value.length} characters)` : "(nested)";
  }

  flag(flag: EventFlag): void {
    if (!this.flags.includes(flag)) this.flags.push(flag);
  }
}

function isFigure(value: Json): boolean {
  if (typeof value === "string") return value.length <= TRACE_LIMITS.unreadText;
  if (typeof value !== "object" || value === null) return true;
  if (!Array.isArray(value) || value.length > TRACE_LIMITS.tags) return false;
  return value.every((item) => typeof item !== "object" && String(item).length <= TRACE_LIMITS.unreadText);
}

const CLAUDE_CODE_SCOPE = "com.anthropic.claude_code";

export const isClaudeCode = (origin: Origin): boolean => origin.scopeName.startsWith(CLAUDE_CODE_SCOPE);

/** What resource and scope say, once for all that came from them. */
export function readingOfOrigin(origin: Origin): Reading {
  const base = new Reading(isClaudeCode(origin) ? CLAUDE_CODE_KEYS : OTLP_KEYS, null);
  for (const [key, value] of origin.resource) if (!isMachineKey(key)) base.add(key, value);
  base.addAll(origin.scope);
  return base;
}

/** A reading of one item on top of what its origin says. */
export function readingOn(base: Reading, attributes: Attributes, origin: Origin): Reading {
  const reading = new Reading(isClaudeCode(origin) ? CLAUDE_CODE_KEYS : OTLP_KEYS, base);
  reading.addAll(attributes);
  return reading;
}
