import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** What stands for what: numbers and ids of a past case, and the ones it goes by today. */
export type Renaming = ReadonlyMap<string, string>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const DIGITS = /\d{3,}/g;
/** A year or a day: another one would be noticed. */
const DATE_LIKE = /^(?:(?:19|20)\d{2}|20\d{6})$/;

/**
 * Other numbers for a past case, of the same shape, so that its session is not recognised and nothing an agent does
 * meets it. Null when its name holds no number to change: such a case cannot be told as another one.
 *
 * @param names the names of session and run
 * @param draw a random number from 0 up to, not including, the one given
 */
export function renamingOf(names: readonly string[], draw: (below: number) => number): Renaming | null {
  const found = new Map<string, string>();
  for (const name of names) {
    for (const [id] of name.matchAll(UUID)) if (!found.has(id)) found.set(id, otherHex(id, draw));
    for (const [digits] of name.replaceAll(UUID, "").matchAll(DIGITS)) {
      if (!DATE_LIKE.test(digits) && !found.has(digits)) found.set(digits, otherDigits(digits, draw));
    }
  }
  const [session = ""] = names;
  return renamed(session, found) === session ? null : found;
}

/** The first digit stays, so that a number is as old as it was. */
function otherDigits(digits: string, draw: (below: number) => number): string {
  for (;;) {
    const other = [...digits].map((digit, at) => (at === 0 ? digit : String(draw(10)))).join("");
    if (other !== digits) return other;
  }
}

/** The version and variant of an id stay. */
function otherHex(id: string, draw: (below: number) => number): string {
  const keep = new Set([14, 19]);
  const upper = id !== id.toLowerCase();
  const other = [...id].map((digit, at) => (digit === "-" || keep.has(at) ? digit : draw(16).toString(16))).join("");
  return upper ? other.toUpperCase() : other;
}

/** A value with every number and id of the case under its other name, keys included. */
export function renamed<T extends Json>(value: T, renaming: Renaming): T {
  if (renaming.size === 0) return value;
  const names = [...renaming.keys()].toSorted((a, b) => b.length - a.length).join("|");
  const pattern = new RegExp(`(?<![0-9a-fA-F])(?:${names})(?![0-9a-fA-F])`, "g");
  const inText = (text: string) => text.replace(pattern, (name) => renaming.get(name) ?? name);
  const visit = (part: Json): Json => {
    if (typeof part === "string") return inText(part);
    if (typeof part === "number") return renaming.has(String(part)) ? Number(renaming.get(String(part))) : part;
    if (Array.isArray(part)) return part.map(visit);
    if (!isJsonObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [inText(key), visit(one)]));
  };
  return visit(value) as T; // of the same shape: only texts and numbers changed
}

/** A time in the form it was written in, so much later. What is no time stays. */
export function later(text: string, shiftMs: number): string {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  const at = Date.parse(text);
  if (form === null || Number.isNaN(at)) return text;
  const [, fraction = "", sign, hours, minutes] = form;
  const offset = sign === undefined ? 0 : (sign === "+" ? 1 : -1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const iso = new Date(at + shiftMs + offset).toISOString();
  const decimals =
    fraction === "" ? "" : `.${iso.slice(20, 23).padEnd(fraction.length, "0").slice(0, fraction.length)}`;
  return `${iso.slice(0, 19)}${decimals}${sign === undefined ? "Z" : `${sign}${hours}:${minutes}`}`;
}

/** A call, or what was shown of one, as if it were made so much later: what it read and when it tried itself out move along. */
export function redated(call: JsonObject, shiftMs: number): JsonObject {
  const context = Array.isArray(call["context"])
    ? call["context"].map((source) => (isJsonObject(source) ? withTime(source, shiftMs) : source))
    : undefined;
  const effect = isJsonObject(call["effect"]) ? withTime(call["effect"], shiftMs) : undefined;
  return { ...call, ...(context !== undefined && { context }), ...(effect !== undefined && { effect }) };
}

function withTime(holder: JsonObject, shiftMs: number): JsonObject {
  const asOf = holder["as_of"];
  return typeof asOf === "string" ? { ...holder, as_of: later(asOf, shiftMs) } : holder;
}

/** What of today an item shows that was made from an older request. */
export type Today = {
  readonly shiftMs: number;
  readonly renaming: Renaming;
  readonly agent: { readonly task: string; readonly dri: { readonly name: string; readonly email: string } };
  /** The digest of the action as it would be bound today. */
  readonly actionDigest: string;
};

/** What reviewers are shown of a past request, as the agent would ask for it today. */
export function displayToday(display: JsonObject, { shiftMs, renaming, agent, actionDigest }: Today): JsonObject {
  const moved = redated(renamed(display, renaming), shiftMs);
  const before = isJsonObject(moved["agent"]) ? moved["agent"] : {};
  const shown: JsonObject = { ...moved, agent: { ...before, task: agent.task, dri: { ...agent.dri } } };
  return { ...shown, action_digest: actionDigest };
}
