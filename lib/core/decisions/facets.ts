import { isJsonArray, type Json, type JsonObject } from "@/lib/core/shared/json";

/** Arguments that hold an amount of money. A closed list: a number of another name is no amount. */
export const AMOUNT_NAMES: ReadonlySet<string> = new Set([
  "amount",
  "amount_usd",
  "total",
  "total_usd",
  "total_amount",
  "price",
  "payment_amount",
  "refund_amount",
]);

/** Arguments that say on whom or what a call acts, the most telling first. A closed list. */
export const TARGET_NAMES = [
  "customer_id",
  "account_id",
  "user_id",
  "order_id",
  "ticket_id",
  "record_id",
  "id",
  "to",
  "recipient",
  "email",
  "channel",
  "host",
  "url",
  "path",
] as const;

/** The largest amount among the arguments and what it is called; not a number where one should be; null without any. */
export function amountOf(args: JsonObject): { readonly name: string; readonly amount: number } | null {
  let found: { readonly name: string; readonly amount: number } | null = null;
  // Not by `Object.keys`, which makes a list for every call; what is inherited is no argument.
  for (const name in args) {
    if (!AMOUNT_NAMES.has(name) || !Object.hasOwn(args, name)) continue;
    const value = args[name];
    const next = { name, amount: typeof value === "number" ? Math.abs(value) : Number.NaN };
    if (found === null || weightOf(next.amount) > weightOf(found.amount) || isNamedFirst(next, found)) found = next;
  }
  return found;
}

/** What is no number weighs most. */
const weightOf = (amount: number) => (Number.isNaN(amount) ? Number.POSITIVE_INFINITY : amount);

/** Of equal amounts the first by name, so that the order of the arguments tells nothing. */
const isNamedFirst = (a: { name: string; amount: number }, b: { name: string; amount: number }) =>
  weightOf(a.amount) === weightOf(b.amount) && a.name < b.name;

/** On whom or what a call acts, as `name=value`; null when no argument of the list says so plainly. */
export function targetOf(args: JsonObject): string | null {
  for (const name of TARGET_NAMES) {
    const value = Object.hasOwn(args, name) ? args[name] : null;
    if ((typeof value === "string" && value !== "") || typeof value === "number") return `${name}=${value}`;
  }
  return null;
}

/** How far calls reach: the environments, hosts, recipients' domains and scopes that their arguments name. */
export type Reach = {
  readonly environments: readonly string[];
  readonly hosts: readonly string[];
  readonly domains: readonly string[];
  readonly scopes: readonly string[];
};

/** Of a run that made no call yet. */
export const NO_REACH: Reach = Object.freeze({ environments: [], hosts: [], domains: [], scopes: [] });

const REACH_NAMES: Readonly<Record<keyof Reach, readonly string[]>> = {
  environments: ["environment", "env", "stage"],
  hosts: ["host", "hostname", "url", "uri", "endpoint", "webhook"],
  domains: ["to", "cc", "bcc", "recipient", "recipients", "email"],
  scopes: ["scope", "scopes", "fields"],
};
const KINDS = ["environments", "hosts", "domains", "scopes"] as const;

/** How far these calls reach together. */
export function reachOf(calls: readonly JsonObject[]): Reach {
  const of = (kind: keyof Reach) => [...new Set(calls.flatMap((args) => namedIn(args, kind)))].toSorted();
  return { environments: of("environments"), hosts: of("hosts"), domains: of("domains"), scopes: of("scopes") };
}

/** No run is followed further than this: beyond it nobody knows how far it reached, which counts at its worst. */
const MOST_NAMES = 200;

/** How far a run reaches after one more call; the same object where the call adds nothing, null where it is too far to follow. */
export function reachWith(before: Reach, args: JsonObject): Reach | null {
  let after: Reach = before;
  for (const kind of KINDS) {
    const fresh = namedIn(args, kind).filter((item) => !after[kind].includes(item));
    if (fresh.length > 0) after = { ...after, [kind]: [...new Set([...after[kind], ...fresh])].toSorted() };
    if (after[kind].length > MOST_NAMES) return null;
  }
  return after;
}

function namedIn(args: JsonObject, kind: keyof Reach): string[] {
  return REACH_NAMES[kind].flatMap((name) => {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === undefined) return [];
    const items: readonly Json[] = isJsonArray(value) ? value : [value];
    return items.flatMap((item) => (typeof item === "string" && item !== "" ? [normal(kind, item)] : []));
  });
}

/** The part of a value that says how far it reaches. What cannot be read stands for itself. */
function normal(kind: keyof Reach, text: string): string {
  const lower = text.trim().toLowerCase();
  if (kind === "domains") return lower.slice(lower.lastIndexOf("@") + 1).replace(/>$/, "");
  if (kind === "hosts") return /^(?:[a-z][a-z\d+.-]*:)?[\\/]*(?:[^/?#\\]*@)?([^/?#\\:]+)/.exec(lower)?.[1] ?? lower;
  if (kind === "environments") return ENVIRONMENTS.find((names) => names.includes(lower))?.[0] ?? lower;
  return text;
}

/** From narrow to wide; a name that is not here is wider than all. */
const ENVIRONMENTS: readonly (readonly string[])[] = [
  ["development", "dev", "test", "sandbox", "local"],
  ["staging", "stage", "preprod", "uat"],
  ["production", "prod", "live"],
];

const WORDS: Readonly<Record<keyof Reach, string>> = {
  environments: "an environment",
  hosts: "a host",
  domains: "a recipient's domain",
  scopes: "a scope",
};

/**
 * In which way a call reaches further than the run did before it; null when it does not.
 *
 * Only a kind that the run has named before can be widened; an environment is wider when it is nearer to production.
 */
export function widenedBy(args: JsonObject, before: Reach): string | null {
  for (const kind of KINDS) {
    if (before[kind].length === 0) continue;
    const fresh = namedIn(args, kind).find((item) => !before[kind].includes(item) && isWider(kind, item, before));
    if (fresh !== undefined) return WORDS[kind];
  }
  return null;
}

function isWider(kind: keyof Reach, item: string, before: Reach): boolean {
  if (kind !== "environments") return true;
  const rank = (name: string) => {
    const place = ENVIRONMENTS.findIndex(([first]) => first === name);
    return place === -1 ? ENVIRONMENTS.length : place;
  };
  return rank(item) >= Math.max(...before.environments.map(rank));
}
