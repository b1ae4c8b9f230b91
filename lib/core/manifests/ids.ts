import { foldedName, wordsOfName } from "@/lib/core/commands/content-names";
import { NO_REASONS } from "@/lib/core/decisions/results";
import type { Reason } from "@/lib/core/decisions/schema";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { jsonInText } from "@/lib/core/shared/json-text";
import { remembered } from "@/lib/core/shared/remembered";
import { pointerToken } from "@/lib/core/tools/json-schema";

import { type ArgumentRule, shown } from "./argument-rule";

/** Words of arguments that choose records by what is true of them instead of naming them. */
const PREDICATES: ReadonlySet<string> = new Set(
  "where filter filters query queries predicate match matching matches condition conditions criteria criterion selector selectors search sql expression expr having".split(
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
const NOT_AN_ID =
  /[*%?,;\s<>=|()[\]{}"'`\\]|\.\.|^\$|^$|^(?:all|any|everything|null|undefined|none|nil|nan|true|false)$/i;

/** Arguments that say what of a record is meant, and name no further ones. */
const DETAILS: ReadonlySet<string> = new Set(
  "fields field scope scopes columns tags labels include includes expand permissions roles features select sources args argv".split(
    " ",
  ),
);

/** Names of the operators that an object in the place of a value is made of. */
const OPERATORS: ReadonlySet<string> = new Set(
  "gt gte lt lte ne neq eq in nin notin like ilike regex between not exists contains startswith endswith or and any all".split(
    " ",
  ),
);

const MAX_LISTED = 5;

/** Arguments that say which records are meant: "all" there is no id. */
const CHOOSES: ReadonlySet<string> = new Set(
  "scope target targets apply affected range select selection which records record rows row items item entries users customers accounts".split(
    " ",
  ),
);

/** Switches by which a change reaches further records than the ones named. */
const REACHES_ON: ReadonlySet<string> = new Set(["all", "cascade", "recursive"]);

/** What a name says of the records that its value is about. */
type NameTraits = {
  readonly isId: boolean;
  readonly namesRecords: boolean;
  readonly isPredicate: boolean;
  readonly isAll: boolean;
  readonly chooses: boolean;
  /** Its value says what of a record is meant, and names no further ones. */
  readonly isDetail: boolean;
  /** A number there says how many rows are meant. */
  readonly isCount: boolean;
};

/** Worked out once for each name: names are few and calls are many. */
export const traitsOf = remembered((name): NameTraits => {
  const words = wordsOfName(name);
  const folded = words.join("");
  const isId = ID_WORDS.has(words.at(-1) ?? "");
  return {
    isId,
    namesRecords: isId && !words.some((word) => NO_RECORD.has(word)),
    isPredicate: name.startsWith("$") || words.some((word) => PREDICATES.has(word)),
    isAll: /^(?:all|everything|any)$/.test(folded) || words.some((word) => REACHES_ON.has(word)),
    chooses: words.some((word) => CHOOSES.has(word)),
    isDetail: DETAILS.has(folded),
    isCount:
      /^(?:rows?|rowcount|maxrows|rowlimit|records|recordcount|maxrecords|limit|pagesize|batchsize|perpage|maxresults)$/.test(
        folded,
      ),
  };
});

/** Whether an argument of this name holds ids. */
export const isIdName = (name: string) => traitsOf(name).isId;

/** Whether an argument chooses records by a condition: by its name, by "all", or by an object of operators. */
export function isPredicate(name: string, value: Json): boolean {
  const traits = traitsOf(name);
  if (traits.isId) return false;
  if (traits.isPredicate) return true;
  if (traits.isAll && isYes(value)) return true;
  if (typeof value === "string") return meansAll(traits, value) || (traits.chooses && isRange(value));
  return isJsonObject(value) && hasOperators(value);
}

const isYes = (value: Json) =>
  value === true || value === 1 || (typeof value === "string" && /^\s*(?:true|yes|y|on|1|all)\s*$/i.test(value));

function meansAll({ isDetail, chooses }: NameTraits, value: string): boolean {
  const text = value.trim();
  if (text === "*" || text === "%") return !isDetail;
  return chooses && /^(?:all|everything|everyone)$/i.test(text);
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
  return typeof value === "string" && !NOT_AN_ID.test(value) && !isRange(value);
}

/** `1-500`: a number and a greater one. */
function isRange(text: string): boolean {
  const [, first = "", last = ""] = /^([1-9]\d{0,8})-([1-9]\d{0,8})$/.exec(text) ?? [];
  return first !== "" && Number(first) < Number(last);
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
  const inside = typeof node === "string" ? jsonInText(node) : null;
  if (inside !== null) return visit(inside, path, found);
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
      if (wrong === undefined) found.ids += traitsOf(name).namesRecords ? 1 : 0;
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
