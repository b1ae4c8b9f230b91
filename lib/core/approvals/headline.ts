import { z } from "zod";

import type { Effect } from "@/lib/core/decisions/schema";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { rowsTouched } from "./row-diff";

/** What a reviewer reads first. Composed by us from the tool's name and from counts; never an agent's prose. */
export const Headline = z.object({
  /** In capitals: DELETE, SEND, CALL. */
  verb: z.string(),
  /** How much is touched: the larger of what the dry run lists and what the arguments name; null when neither says. */
  count: z.int().min(0).nullable(),
  unit: z.enum(["rows", "records"]).nullable(),
  /** The rest of the tool's name, in words. */
  resource: z.string(),
  environment: z.string(),
  reversibility: z.string(),
});
export type Headline = z.infer<typeof Headline>;

const VERBS = new Set(
  (
    "accept access activate add adjust allocate allow amend append apply approve archive assign attach authorize backup ban " +
    "block book broadcast buy calculate call cancel capture change charge check clear close commit complete compute configure " +
    "confirm connect convert copy create credit deactivate debit decline decrypt deduct delete deliver deploy destroy detach " +
    "disable disburse dismiss drop edit email empty enable encrypt end erase escalate evict exchange execute expire export " +
    "fetch fill find finalize fire flush forget forward freeze generate get give grant halt hide hire hold import increase " +
    "insert install invite invoke invalidate issue kill launch link list load lock log lookup mark merge message migrate " +
    "modify move mute notify offboard open order override overwrite patch pause pay permit ping place post print promote " +
    "provision publish pull purchase purge push put query queue quit read rebook reboot recall record recover redirect reduce " +
    "refresh refund register reject release remind remove rename renew reopen replace reply report request reschedule reserve " +
    "reset resize resolve restart restore resume retire retrieve retry return revert revoke rollback rotate run save scale " +
    "schedule search seed select sell send set settle share ship show shut sign snapshot spawn split start stop store submit " +
    "subscribe suspend swap sync tag terminate test think top track transfer transform trigger truncate unblock unlink unlock " +
    "unpublish unsubscribe update upgrade upload upsert use validate verify void wipe wire withdraw write"
  ).split(" "),
);

/** Verbs that are as often the thing itself: `order_items_delete` deletes, `order_parts` orders. */
const ALSO_NOUNS = new Set(
  "access book charge credit email grant hold issue list load lock log message order permit place post query record report request store tag track".split(
    " ",
  ),
);

/**
 * Splits a tool's name into what it does and to what: `delete_customer_record` is DELETE, customer record.
 *
 * A name may say first where it comes from (`github__create_issue`) and the verb at the end (`crm.contacts.delete`); with
 * no verb it is CALL and the whole name is the resource, so that nothing of it is lost.
 */
export function verbAndResource(tool: string): { readonly verb: string; readonly resource: string } {
  const words = wordsOf(tool);
  const sure = words.findIndex((word) => VERBS.has(word.toLowerCase()) && !ALSO_NOUNS.has(word.toLowerCase()));
  const first = words.findIndex((word) => VERBS.has(word.toLowerCase()));
  const at = sure >= 0 ? sure : first;
  const verb = words[at];
  if (verb === undefined) return { verb: "CALL", resource: tool };
  return { verb: verb.toUpperCase(), resource: [...words.slice(at + 1), ...words.slice(0, at)].join(" ") };
}

function wordsOf(tool: string): string[] {
  return tool
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[\s_.\-/:]+/)
    .filter((word) => word !== "")
    .map((word) => (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word));
}

const ID_LIST = /(^|[_.-])(ids|keys|uuids|numbers|emails|recipients|users|records|items|rows|paths|files)$/i;

/** The longest list of ids in the arguments, however deep; null when there is none. */
export function idsNamed(args: JsonObject): readonly Json[] | null {
  let longest: readonly Json[] | null = null;
  const visit = (value: Json, key: string) => {
    if (isJsonArray(value)) {
      const named = ID_LIST.test(key) || /(Ids|Keys)$/.test(key) || key === "to";
      if (named && value.length > (longest?.length ?? 0)) longest = value;
      for (const item of value) visit(item, "");
    } else if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value)) visit(member, name);
    }
  };
  visit(args, "");
  return longest;
}

/** Composes the headline of a call. The agent's rationale and its own name for the resource take no part in it. */
export function headlineOf(call: {
  readonly tool: string;
  readonly args: JsonObject;
  readonly effect: Effect | null;
  readonly environment: string;
  readonly reversibility: string;
}): Headline {
  const rows = rowsTouched(call.effect);
  const ids = idsNamed(call.args)?.length ?? null;
  const count = rows === null && ids === null ? null : Math.max(rows ?? 0, ids ?? 0);
  const unit = count === null ? null : rows !== null && rows >= (ids ?? 0) ? "rows" : "records";
  const { environment, reversibility } = call;
  return { ...verbAndResource(call.tool), count, unit, environment, reversibility };
}
