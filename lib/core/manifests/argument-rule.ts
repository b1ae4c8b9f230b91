import type { CallReading } from "@/lib/core/commands/read-call";
import type { Reason } from "@/lib/core/decisions/schema";
import type { Json, JsonObject } from "@/lib/core/shared/json";

/** One compiled rule about a call's arguments: nothing found, or why the arguments may not pass. */
export type ArgumentRule = {
  /** The manifest place as people write it: `tools.allowed[1].constraints.allowed_statuses`. */
  readonly rule: string;
  readonly check: (args: JsonObject, reading: CallReading) => readonly Reason[];
};

const LONGEST_SHOWN = 80;
const MOST_LISTED = 10;

/** A value in a sentence: short texts as they are, the rest as JSON, both cut. */
export function shown(value: Json): string {
  const text =
    typeof value === "string" ? value : typeof value === "object" && value !== null ? kindOf(value) : String(value);
  if (text === "") return "an empty text";
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

const kindOf = (value: object) => (Array.isArray(value) ? `a list of ${value.length}` : "an object");

/** Values in a sentence: `open, closed and 3 more`. */
export function listed(values: readonly Json[]): string {
  if (values.length === 0) return "nothing";
  const some = values.slice(0, MOST_LISTED).map(shown).join(", ");
  return values.length > MOST_LISTED ? `${some} and ${values.length - MOST_LISTED} more` : some;
}
