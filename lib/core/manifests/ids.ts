import { foldedName, wordsOfName } from "@/lib/core/commands/content-names";
import { NO_REASONS } from "@/lib/core/decisions/results";
import type { Reason } from "@/lib/core/decisions/schema";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { pointerToken } from "@/lib/core/tools/json-schema";

import { type ArgumentRule, shown } from "./argument-rule";

/** Words of arguments that choose records by what is true of them instead of naming them. */
const PREDICATES: ReadonlySet<string> = new Set(
  "where filter filters query queries predicate match matching matches condition conditions criteria criterion selector selectors search sql expression".split(
    " ",
  ),
);

/** `id`, `ids`, `customer_id`, `orderIds`, `key`, `record_keys`, `uuid`. */
const ID_WORDS: ReadonlySet<string> = new Set("id ids key keys uuid uuids guid guids".split(" "));

/** What such a name stands for when it names no record: a call, a conversation, a secret. */
const NO_RECORD: ReadonlySet<string> = new Set(
  "request correlation trace span idempotency session run conversation client api secret access public private sort cache partition".split(
    " ",
  ),
);

/** Marks of a pattern, a list in a text, or a range; none belongs into an id. */
const NOT_AN_ID = /[*%?,;\s<>=|()[\]{}"'`\\]|\.\.|^$|^(?:all|any|everything|null|undefined|none|nil|nan|true|false)$/i;

/** Names of the operators that an object in the place of a value is made of. */
const OPERATORS: ReadonlySet<string> = new Set(
  "gt gte lt lte ne neq eq in nin notin like ilike regex between not exists contains startswith endswith or and any all".split(
    " ",
  ),
);

const isAllWord = (name: string) =>
  /^(?:all|everything|any)$/.test(foldedName(name)) || wordsOfName(name).includes("all");

const MAX_LISTED = 5;

/** Whether an argument of this name holds ids. */
export const isIdName = (name: string) => ID_WORDS.has(wordsOfName(name).at(-1) ?? "");

/** Whether those ids name records, and not the call or a conversation. */
export const namesRecords = (name: string) => isIdName(name) && !wordsOfName(name).some((word) => NO_RECORD.has(word));

/** Whether an argument chooses records by a condition: by its name, by `all: true`, or by an object of operators. */
export function isPredicate(name: string, value: Json): boolean {
  if (isIdName(name)) return false;
  if (wordsOfName(name).some((word) => PREDICATES.has(word))) return true;
  if (value === true) return isAllWord(name);
  return isJsonObject(value) && hasOperators(value);
}

function hasOperators(value: JsonObject): boolean {
  const names = Object.keys(value);
  return (
    names.some((name) => name.startsWith("$")) ||
    (names.length > 0 && names.every((name) => OPERATORS.has(foldedName(name))))
  );
}

/** Whether a value in the place of an id names exactly one record. */
export function isId(value: Json): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0;
  return typeof value === "string" && !NOT_AN_ID.test(value);
}

/**
 * Compiles `ids_only`: records are named by id, so what is changed is known before it is changed (`safety.md` T34).
 *
 * A predicate argument is refused at any depth, and so is anything but plain ids where an id is expected. A call that
 * names no record at all is refused too: to the tool it may mean every record.
 */
export function compileIdsOnly(rule: string): ArgumentRule {
  return { rule, check: checkIds };
}

function checkIds(args: JsonObject): readonly Reason[] {
  const found = { reasons: [] as Reason[], ids: 0 };
  visit(args, "/args", found);
  if (found.reasons.length > 0) return found.reasons;
  if (found.ids > 0) return NO_REASONS;
  return [refused("/args", "The call must name its records by id; no argument does.")];
}

function visit(node: Json, path: string, found: { reasons: Reason[]; ids: number }): void {
  if (isJsonArray(node)) {
    for (let index = 0; index < node.length; index += 1) visit(node[index] ?? null, `${path}/${index}`, found);
    return;
  }
  if (!isJsonObject(node)) return;
  // In one order, so that equal arguments are refused for equal reasons.
  for (const name of Object.keys(node).toSorted()) {
    if (found.reasons.length >= MAX_LISTED) return;
    const value = node[name];
    if (value === undefined) continue;
    const here = `${path}/${pointerToken(name)}`;
    if (isPredicate(name, value)) {
      found.reasons.push(refused(here, `\`${name}\` chooses records by a condition; name them by id.`));
    } else if (isIdName(name)) {
      const wrong = firstThatIsNoId(value);
      if (wrong === undefined) found.ids += namesRecords(name) ? 1 : 0;
      else found.reasons.push(refused(here, `\`${name}\` must hold plain ids; the call says ${shown(wrong)}.`));
    } else {
      visit(value, here, found);
    }
  }
}

function firstThatIsNoId(value: Json): Json | undefined {
  if (!isJsonArray(value)) return isId(value) ? undefined : value;
  if (value.length === 0) return value;
  return value.find((item) => !isId(item));
}

function refused(path: string, message: string): Reason {
  return { code: "predicate_not_allowed", message, path };
}
